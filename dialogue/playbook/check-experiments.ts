import { unique } from './check-references.ts';
import { checkVariant } from './check-variant.ts';
import type { SourcePatch } from './experiment-source.ts';
import { patched } from './patched.ts';
import type { Path, Report } from './report.ts';
import type { Source } from './source.ts';

/** Every arm is checked like the playbook it makes. The playbook itself must be known to be good. */
export function checkExperiments(source: Source, report: Report): void {
  unique(source.experiments, ['experiments'], report);
  source.experiments.forEach(({ arms }, index) => {
    const base = ['experiments', index, 'arms'];
    unique(arms, base, report);
    if (arms.every(({ weight }) => weight === 0)) report.error(base, 'No arm has a weight: nobody would get one.');
    arms.forEach(({ patch }, at) => {
      const path = [...base, at, 'patch'];
      const before = report.errors.length;
      checkNames(source, patch, path, report);
      if (report.errors.length === before)
        checkVariant(source, { source: patched(source, patch), changes: patch, path }, report);
    });
  });
}

function checkNames(source: Source, patch: SourcePatch, path: Path, report: Report): void {
  const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);
  for (const id of Object.keys(patch.facts)) report.refers(id, ids(source.facts), [...path, 'facts', id], 'fact');
  for (const id of Object.keys(patch.objections))
    report.refers(id, ids(source.objections), [...path, 'objections', id], 'objection');
  for (const [id, { points }] of Object.entries(patch.questions)) {
    report.refers(id, ids(source.questions), [...path, 'questions', id], 'question');
    const options = source.questions.find((question) => question.id === id)?.options ?? [];
    for (const option of Object.keys(points))
      report.refers(option, ids(options), [...path, 'questions', id, 'points', option], `answer to "${id}"`);
  }
  const factIds = ids(source.facts);
  for (const [id, { attempts }] of Object.entries(patch.objections))
    attempts?.forEach(({ cites }, at) =>
      cites.forEach((cite, place) =>
        report.refers(cite, factIds, [...path, 'objections', id, 'attempts', at, 'cites', place], 'fact'),
      ),
    );
}
