import { DateTime } from 'luxon';

const maxLineBytes = 75;

/** Content lines of an iCalendar object (RFC 5545 §3.1), folded and ended. */
export function writeLines(lines: readonly string[]): string {
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** RFC 5545 §3.3.5, form 2: UTC. */
export const utcTime = (instantMs: number): string =>
  DateTime.fromMillis(instantMs, { zone: 'utc' }).toFormat("yyyyMMdd'T'HHmmss'Z'");

/** RFC 5545 §3.3.11. Other control characters are not allowed in text. */
export function escapeText(text: string): string {
  return withoutControls(text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n'));
}

/**
 * A parameter's value in quotes (RFC 5545 §3.2), which cannot hold a quote itself. Separators may stand in it, but
 * node-ical ends it there.
 */
export const quoted = (text: string): string =>
  `"${withoutControls(text.replaceAll('"', "'").replace(/[;:\s]+/g, ' '))}"`;

// oxlint-disable-next-line no-control-regex -- they are what is to be removed
const withoutControls = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** RFC 5545 §3.1: at most 75 octets a line, and never a cut inside a character. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let bytes = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > maxLineBytes) {
      folded += '\r\n ';
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return folded;
}
