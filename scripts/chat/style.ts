/** What a line of the chat is; only a terminal shows it in colour. */
export type Part = 'agent' | 'detail' | 'error' | 'heading';
export type Paint = (part: Part, text: string) => string;

const codes: Readonly<Record<Part, readonly [number, number]>> = {
  agent: [36, 39],
  detail: [2, 22],
  error: [31, 39],
  heading: [1, 22],
};

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (part, text) => {
  const [on, off] = codes[part];
  return `\u001B[${on}m${text}\u001B[${off}m`;
};
