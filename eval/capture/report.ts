import type { Baseline } from './baseline.ts';
import type { CaptureCase } from './case.ts';
import { judge } from './judge.ts';

interface Score {
  readonly exact: number;
  readonly cases: number;
}

interface CaptureReport {
  readonly name: 'capture';
  /** 0 to 1, by kind of value. */
  readonly exact: Readonly<Record<string, number>>;
  /** 0 to 1, by the file the cases are from. */
  readonly bySource: Readonly<Record<string, Score>>;
  /** The same for the baseline, on the same dates and times; null where none was measured. */
  readonly timeExactBaseline: number | null;
  readonly baseline: Baseline | null;
  readonly usPerCapture: number;
  readonly failures: readonly {
    readonly source: string;
    readonly kind: string;
    readonly text: string | readonly string[];
    readonly expected: unknown;
    readonly got: unknown;
  }[];
}

export function reportOf(cases: readonly CaptureCase[], baseline: Baseline | null): CaptureReport {
  // Once for the compiler; what counts is a warm process, as a media node is.
  for (const given of cases) judge(given);
  const startMs = performance.now();
  const judged = cases.map((given) => ({ given, ...judge(given) }));
  const elapsedMs = performance.now() - startMs;
  const scores = (keyOf: (given: CaptureCase) => string) =>
    Object.fromEntries(
      [...Map.groupBy(judged, ({ given }) => keyOf(given))].map(([key, group]): [string, Score] => [
        key,
        { exact: rounded(group.filter(({ exact }) => exact).length / group.length), cases: group.length },
      ]),
    );
  return {
    name: 'capture',
    exact: Object.fromEntries(Object.entries(scores(({ kind }) => kind)).map(([kind, { exact }]) => [kind, exact])),
    bySource: scores(({ source }) => source),
    timeExactBaseline: baseline?.exact ?? null,
    baseline,
    usPerCapture: Math.round((1_000 * elapsedMs) / Math.max(1, cases.length)),
    failures: judged
      .filter(({ exact }) => !exact)
      .map(({ given: { source, kind, text, expected, written }, got }) => ({
        source,
        kind,
        text,
        expected: written ?? expected,
        got,
      })),
  };
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

export function tableOf({ exact, bySource, baseline, usPerCapture, failures }: CaptureReport): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8);
  const line = (name: string, share: number, note = '') => `${name.padEnd(28)} ${percent(share)}${note}`;
  return [
    ...Object.entries(exact).map(([kind, share]) => line(kind, share)),
    '',
    ...Object.entries(bySource).map(([source, score]) => line(source, score.exact, ` of ${score.cases}`)),
    '',
    ...(baseline === null ? [] : [line(`baseline: ${baseline.engine}`, baseline.exact, ` (${baseline.how})`)]),
    `${usPerCapture} µs a capture`,
    '',
    ...failures.map(
      ({ source, kind, text, expected, got }) =>
        `${source}, ${kind}: ${JSON.stringify(text)}: ${JSON.stringify(expected)} wanted, ${JSON.stringify(got)} captured`,
    ),
  ].join('\n');
}
