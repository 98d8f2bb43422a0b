import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const kinds = ['email', 'phone', 'name', 'time', 'money', 'address', 'quantity'] as const;

const CaseLine = v.object({
  kind: v.picklist(kinds),
  /** One utterance, or a caller's turns in order. */
  text: v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
  /** Epoch milliseconds, or ISO 8601; without an offset it is local time in `zone`. */
  now: v.optional(v.union([v.number(), v.string()]), '2026-11-23T09:00:00'),
  zone: v.optional(v.string(), 'America/Denver'),
  /** Null: there is none to capture. An object: days and limits, as a slot is looked for. */
  expected: v.union([v.string(), v.number(), v.null(), v.record(v.string(), v.unknown())]),
});

export interface CaptureCase extends v.InferOutput<typeof CaseLine> {
  /** The file it is from. */
  readonly source: string;
  /** Typed text: every value in it is wanted, as it was written. */
  readonly written?: readonly string[];
}

/** A file of cases, one JSON object a line. */
export function readCases(file: string, source: string): CaptureCase[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const parsed = v.safeParse(CaseLine, jsonOf(line));
      if (parsed.success) return [{ ...parsed.output, source }];
      const { message, path } = parsed.issues[0];
      const field = path?.map(({ key }) => String(key)).join('.') ?? '';
      throw new Error(`${file}:${index + 1}: ${field === '' ? '' : `"${field}": `}${message}`);
    });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
