/**
 * A message as a log may show it: no passwords' digests, no keys of the audio, nobody's name or number, no key presses.
 * Works on the bytes, as a message that cannot be read is the one that is looked at.
 */
export function maskSip(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const bodyAt = text.search(/\r?\n\r?\n/);
  const [head, body] = bodyAt < 0 ? [text, ''] : [text.slice(0, bodyAt), text.slice(bodyAt)];
  return `${maskLines(head)}${body.length > maxBodyLength ? `[a body of ${body.length} bytes]` : maskBody(body)}`;
}

const secret = /^\s*((?:proxy-|www-)?(?:authorization|authenticate|authentication-info)|identity|y)\s*:/i;
const masked = '[masked]';
/** Longer ones are an attack, and would take long to look through. */
const maxLineLength = 1_000;
const maxBodyLength = 4_000;

function maskLines(text: string): string {
  // What continues a line belongs to it.
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .map(maskLine)
    .join('\n');
}

function maskLine(line: string): string {
  const name = secret.exec(line)?.[1];
  if (name !== undefined) return `${name}: ${masked}`;
  if (line.length > maxLineLength) return `[a line of ${line.length} characters]`;
  return maskUris(line)
    .replace(/"(?:[^"\\]|\\.)*"?/g, `"${masked}"`)
    .replace(/^([A-Za-z-]+\s*:\s*)[^<>":;=\s][^<>":;=]*</, `$1${masked} <`);
}

/** Users of URIs. Of a long number the last two digits stay: enough to find a call by. */
function maskUris(text: string): string {
  return text
    .replace(/\b(sips?:|tel:)([^@<>\s;?]*)(?=@)/gi, (_, scheme: string, user: string) => scheme + maskUser(user))
    .replace(/\btel:([^<>\s;?@]*)(?!@)/gi, (_, user: string) => `tel:${maskUser(user)}`)
    .replace(/\b(sips?:)([^@<>\s?]*;[^@<>\s?]*)(?=@)/gi, (_, scheme: string) => scheme + masked);
}

function maskUser(user: string): string {
  return /^\+?\d{6,}$/.test(user) ? `*${user.slice(-2)}` : user === '' ? '' : '*';
}

function maskBody(body: string): string {
  // In a broken message an empty line may stand before the headers.
  return maskLines(body)
    .replace(/\binline:[^\s|]+/gi, `inline:${masked}`)
    .replace(/^(\s*signal\s*=).*$/gim, `$1${masked}`)
    .replace(/^(\s*)[0-9A-D*#](\s*)$/i, `$1${masked}$2`);
}
