import type { Report } from './report.ts';
import type { Source } from './source.ts';

/** Steps of the flow that are the engine's own. */
export const builtInSteps: readonly string[] = ['name', 'contact', 'appointment'];

/** All that may stand in a flow. */
export const stepsOf = ({ questions }: Source): string[] => [...questions.map(({ id }) => id), ...builtInSteps];

/** Every step exists, stands once, and can be reached. */
export function checkFlow({ flow, questions, ...rest }: Source, report: Report): void {
  const steps = stepsOf({ flow, questions, ...rest });
  flow.forEach((step, index) => {
    report.refers(step, steps, ['flow', index], 'question or step');
    if (flow.indexOf(step) < index) report.error(['flow', index], `"${step}" stands in the flow twice.`);
  });
  const elsewhere = new Set(rest.scenarios.outreach.flatMap((reason) => reason.flow));
  questions.forEach(({ id, when }, index) => {
    if (!flow.includes(id)) {
      if (!elsewhere.has(id)) report.warn(['questions', index, 'id'], `"${id}" is never asked.`, 'add it to `flow:`');
      return;
    }
    for (const other of Object.keys(when)) {
      const path = ['questions', index, 'when', other];
      if (!questions.some((question) => question.id === other)) continue;
      if (!flow.includes(other))
        report.warn(path, `"${id}" waits for an answer to "${other}", which is never asked.`, 'add it to `flow:`');
      else if (flow.indexOf(other) > flow.indexOf(id))
        report.warn(path, `"${id}" comes before "${other}" in the flow, so it is never asked.`, 'move it behind');
    }
  });
}
