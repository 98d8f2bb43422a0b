import type { Mail, Mailbox } from './mail.ts';

/**
 * A message as SMTP carries it (RFC 5322, 2045-2047): text, the invitation beside it as an alternative, which mail
 * programs act on, and once more as a file for those that do not.
 */
export function writeMime(mail: Mail, sentAtMs: number): string {
  const { calendar } = mail;
  const headers = [
    `From: ${address(mail.from)}`,
    `To: ${address(mail.to)}`,
    `Subject: ${/^[ -~]{1,66}$/.test(mail.subject) ? mail.subject : encodeWords(mail.subject)}`,
    `Date: ${new Date(sentAtMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mail.messageId}>`,
    'MIME-Version: 1.0',
    // RFC 3834: no out-of-office answers.
    'Auto-Submitted: auto-generated',
  ];
  const text = part('text/plain; charset=utf-8', mail.text);
  if (calendar === null) return [...headers, ...text].join('\r\n');
  const type = `text/calendar; charset=utf-8; method=${calendar.method}`;
  const alternative = multipart('alternative', mail.messageId, [text, part(type, calendar.ics)]);
  const file = part('application/ics; name="invite.ics"', calendar.ics, 'attachment; filename="invite.ics"');
  return [...headers, ...multipart('mixed', mail.messageId, [alternative, file])].join('\r\n');
}

function multipart(kind: 'alternative' | 'mixed', id: string, parts: readonly string[][]): string[] {
  // Bodies are base64, so a line that begins with two hyphens is never theirs.
  const boundary = `--${kind}-${id.replace(/[^0-9a-zA-Z]/g, '').slice(0, 20)}`;
  return [
    `Content-Type: multipart/${kind}; boundary="${boundary}"`,
    '',
    ...parts.flatMap((lines) => [`--${boundary}`, ...lines]),
    `--${boundary}--`,
    '',
  ];
}

function part(type: string, body: string, disposition?: string): string[] {
  return [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    ...(disposition === undefined ? [] : [`Content-Disposition: ${disposition}`]),
    '',
    ...(toBase64(body).match(/.{1,76}/g) ?? []),
    '',
  ];
}

const address = ({ name, email }: Mailbox): string => (name === '' ? email : `${encodeWords(name)} <${email}>`);

/**
 * Words of a header (RFC 2047): encoded where they are more than plain letters. No more than 30 bytes in each, so that
 * no line is longer than 76 characters, and never cut inside a character.
 */
function encodeWords(text: string): string {
  if (/^[A-Za-z0-9 .'-]*$/.test(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text.replace(/\s+/g, ' ')) {
    if (new TextEncoder().encode(word + character).length > 30) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${toBase64(each)}?=`).join('\r\n ');
}

export const toBase64 = (text: string): string => new TextEncoder().encode(text).toBase64();
