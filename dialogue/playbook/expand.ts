/** A template that cannot be read; the message says where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const maxLength = 400;
const maxDepth = 8;
/** A template is a handful of ways to say one thing. */
const maxSentences = 1_000_000;

type Part = string | { readonly choices: readonly Part[][] };

/**
 * Every sentence a template stands for: `(book|schedule) an [urgent] visit in {city}`. At most `limit`,
 * spread evenly over all of them and always the same ones.
 */
export function expand(template: string, lists: Readonly<Record<string, readonly string[]>>, limit: number): string[] {
  if (template.length > maxLength)
    throw new TemplateError(`"${template.slice(0, 40)}…": a template has at most ${maxLength} characters.`);
  const { parts, end } = parse(template, 0, 0, lists);
  if (end < template.length)
    throw new TemplateError(`"${template}": a closing bracket without an opening one at ${end + 1}.`);
  const total = parts.reduce((product, part) => product * variants(part), 1);
  if (total > maxSentences)
    throw new TemplateError(`"${template}" stands for ${total} sentences; at most ${maxSentences} are allowed.`);
  const count = Math.min(total, limit);
  const stride = strideFor(total);
  const out = new Set<string>();
  for (let index = 0; index < count; index++) {
    const pick = count < total ? (index * stride) % total : index;
    out.add(render(parts, pick).replaceAll(/\s+/g, ' ').trim());
  }
  out.delete('');
  return [...out];
}

/** Steps by the golden ratio meet each choice of each bracket in turn; plain division would meet only a few of them. */
function strideFor(total: number): number {
  let stride = Math.max(1, Math.round(total * 0.618));
  while (gcd(stride, total) > 1) stride++;
  return stride;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function variants(part: Part): number {
  if (typeof part === 'string') return 1;
  return part.choices.reduce((sum, choice) => sum + choice.reduce((product, inner) => product * variants(inner), 1), 0);
}

function render(parts: readonly Part[], pick: number): string {
  let text = '';
  let rest = pick;
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const size = variants(part);
    let which = rest % size;
    rest = Math.floor(rest / size);
    for (const choice of part.choices) {
      const choiceSize = choice.reduce((product, inner) => product * variants(inner), 1);
      if (which < choiceSize) {
        text += render(choice, which);
        break;
      }
      which -= choiceSize;
    }
  }
  return text;
}

function parse(
  text: string,
  start: number,
  depth: number,
  lists: Readonly<Record<string, readonly string[]>>,
): { parts: Part[]; end: number } {
  const parts: Part[] = [];
  let index = start;
  while (index < text.length) {
    const character = text[index] ?? '';
    if (character === '(' || character === '[') {
      const close = character === '(' ? ')' : ']';
      const choices: Part[][] = character === '[' ? [['']] : [];
      index++;
      for (;;) {
        if (depth >= maxDepth)
          throw new TemplateError(`"${text}": brackets stand ${maxDepth + 1} deep; at most ${maxDepth} are allowed.`);
        const inner = parse(text, index, depth + 1, lists);
        choices.push(inner.parts);
        index = inner.end;
        if (text[index] === '|') index++;
        else break;
      }
      if (text[index] !== close) throw new TemplateError(`"${text}": "${character}" is not closed by "${close}".`);
      index++;
      parts.push({ choices });
    } else if (character === '{') {
      const end = text.indexOf('}', index);
      const name = text.slice(index + 1, end < 0 ? undefined : end);
      const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
      if (end < 0 || list === undefined) throw new TemplateError(`"${text}": there is no list named "${name}".`);
      parts.push({ choices: list.map((item) => [item]) });
      index = end + 1;
    } else if (character === ')' || character === ']' || character === '|') {
      return { parts, end: index };
    } else {
      parts.push(character);
      index++;
    }
  }
  return { parts, end: index };
}
