import type { Sentence } from '../../contract/act.ts';
import type { Bundle, Line } from '../playbook/bundle.ts';
import { defaultWording, type WordingKey } from './wording.ts';

/** Fixed lines of the bundle as sentences; all of them are synthesised ahead. */
export function fixed(lines: readonly Line[], cites: readonly string[] = []): Sentence[] {
  return lines.map((line) => ({
    text: line.text,
    ...(line.spoken === undefined ? {} : { spoken: line.spoken }),
    approved: true,
    cites,
  }));
}

export function wording(bundle: Bundle, ...keys: readonly WordingKey[]): Sentence[] {
  return keys.flatMap((key) => {
    const lines = bundle.wording[key];
    if (lines !== undefined) return fixed(lines);
    // A bundle of an earlier version lacks what was added since; its voice has not been made ahead.
    return fixed(defaultWording[key].map((text) => ({ text }))).map((sentence) => ({ ...sentence, approved: false }));
  });
}

/** One of the acknowledgements, in turn, so that they don't wear out. */
export function acknowledgement(bundle: Bundle, turn: number): Sentence[] {
  const lines = bundle.wording['acknowledge'] ?? [];
  const line = lines[turn % Math.max(1, lines.length)];
  return line === undefined ? [] : fixed([line]);
}
