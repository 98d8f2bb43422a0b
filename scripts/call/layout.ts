import { styleText } from 'node:util';

/** How a word is emphasised; plain text where colours are not wanted. */
export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Paint = (tone: Tone, text: string) => string;

export interface Layout {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** IANA zone for times that are not the business's own. */
  readonly timeZone: string;
}

/** The terminal that this program writes to. Colours only on one, and none with NO_COLOR. */
export function terminalLayout(): Layout {
  return {
    paint: (tone, text) => styleText(tone, text, { stream: process.stdout }),
    width: Math.min(process.stdout.columns || 100, 120),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/**
 * Text from a call, safe to print: a caller can type anything, and control characters would
 * command the terminal.
 */
export function printable(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

/** Breaks text into lines of at most `width` columns, at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

/** `0:07.3`: minutes, seconds and tenths since the call began. */
export function formatOffset(ms: number): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  const minutes = Math.floor(tenths / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1);
  return `${minutes}:${seconds.padStart(4, '0')}`;
}

/** `48 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** `appointment-booked` as `appointment booked`. */
export function spell(name: string): string {
  return name.replaceAll('-', ' ');
}
