import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { CaptureCase } from './case.ts';

const Parsed = v.array(
  v.object({
    Input: v.string(),
    Context: v.optional(v.object({ ReferenceDateTime: v.optional(v.string()) })),
    Results: v.array(
      v.object({
        Value: v.optional(v.nullable(v.object({ FutureResolution: v.optional(v.record(v.string(), v.string())) }))),
      }),
    ),
  }),
);
const Modelled = v.array(
  v.object({
    Input: v.string(),
    Results: v.array(v.object({ Resolution: v.object({ value: v.string() }) })),
  }),
);

/** Microsoft Recognizers-Text's own specification, its files in `folder`. */
export function recognizersTextCases(folder: string): CaptureCase[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return [
    ...resolved(v.parse(Parsed, read('DateParser.json')), 'DateParser.json', 'date'),
    ...resolved(v.parse(Parsed, read('TimeParser.json')), 'TimeParser.json', 'time'),
    ...modelled(v.parse(Modelled, read('EmailModel.json')), 'EmailModel.json', 'email'),
    ...modelled(v.parse(Modelled, read('PhoneNumberModel.json')), 'PhoneNumberModel.json', 'phone'),
  ];
}

/** Every case that has a future resolution. There 0001-01-01 is a day that does not exist. */
function resolved(cases: v.InferOutput<typeof Parsed>, source: string, field: 'date' | 'time'): CaptureCase[] {
  return cases.flatMap(({ Input: text, Context, Results }) => {
    const expected = Results.map((result) => result.Value?.FutureResolution?.[field]).find(Boolean);
    if (expected === undefined) return [];
    return [
      { kind: 'time', text, now: Context?.ReferenceDateTime ?? '2016-11-07T00:00:00', zone: 'UTC', expected, source },
    ];
  });
}

/** Every case, also those in which nothing is to be found. */
function modelled(cases: v.InferOutput<typeof Modelled>, source: string, kind: 'email' | 'phone'): CaptureCase[] {
  return cases.map(({ Input: text, Results }) => {
    const written = Results.map(({ Resolution }) => Resolution.value.toLowerCase());
    return { kind, text, now: 0, zone: 'UTC', expected: written[0] ?? null, written, source };
  });
}
