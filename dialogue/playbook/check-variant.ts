import { checkFlow } from './check-flow.ts';
import { checkLengths } from './check-lengths.ts';
import { checkPrices } from './check-prices.ts';
import { checkVoice } from './check-voice.ts';
import { newReport, type Path, type Report } from './report.ts';
import type { Source } from './source.ts';

const byId = ['facts', 'questions', 'objections'] as const;
type ById = (typeof byId)[number];

/** A playbook with changes in it, and where these are written: under `path`, by the ids of `changes`. */
export interface Variant {
  readonly source: Source;
  readonly changes: Readonly<Record<ById, Readonly<Record<string, unknown>>>>;
  readonly path: Path;
}

/** What is wrong in a variant of a playbook and right in the playbook, told at the place in the variant. */
export function checkVariant(source: Source, variant: Variant, report: Report): void {
  const found = newReport((where) => report.locate(placeIn(variant, where)));
  const known = newReport(report.locate);
  for (const [of, to] of [
    [source, known],
    [variant.source, found],
  ] as const) {
    checkFlow(of, to);
    checkLengths(of, to);
    checkVoice(of, to);
    checkPrices(of, to);
  }
  const before = new Set([...known.errors, ...known.warnings].map(({ message }) => message));
  report.add(
    found.errors.filter(({ message }) => !before.has(message)),
    found.warnings.filter(({ message }) => !before.has(message)),
  );
}

/** Where in the variant something is written that stands at `where` in the playbook it makes. */
export function placeIn({ source, changes, path }: Variant, where: Path): Path {
  const [name, index, ...rest] = where;
  const section = byId.find((each) => each === name);
  if (section === undefined) return [...path, ...where];
  const id = typeof index === 'number' ? source[section][index]?.id : undefined;
  return id !== undefined && Object.hasOwn(changes[section], id) ? [...path, section, id, ...rest] : path;
}
