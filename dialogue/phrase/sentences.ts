import type { Sentence } from '../../contract/act.ts';
import type { Bundle, Line } from '../playbook/bundle.ts';
import type { WordingKey } from './wording.ts';

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
  return keys.flatMap((key) => fixed(bundle.wording[key] ?? []));
}

/** One of the acknowledgements, in turn, so that they don't wear out. */
export function acknowledgement(bundle: Bundle, turn: number): Sentence[] {
  const lines = bundle.wording['acknowledge'] ?? [];
  const line = lines[turn % Math.max(1, lines.length)];
  return line === undefined ? [] : fixed([line]);
}
