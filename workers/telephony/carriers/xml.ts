/** What a carrier is to do with a call: TwiML, or Telnyx's TeXML, which has the same verbs. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly (Element | string)[];
}

/** A document with that root. Whatever text holds, it stays text. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${xml(root)}`;
}

function xml({ name, attributes = {}, children = [] }: Element): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside = children.map((child) => (typeof child === 'string' ? escaped(child) : xml(child)));
  return `<${name}${written.join('')}>${inside.join('')}</${name}>`;
}

/** Characters that XML 1.0 has no way to write are left out (§2.2). */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
