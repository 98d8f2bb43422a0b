import { checkExamples } from './check-examples.ts';
import { checkExperiments } from './check-experiments.ts';
import { checkFlow } from './check-flow.ts';
import { checkGraph } from './check-graph.ts';
import { checkLengths } from './check-lengths.ts';
import { checkLocale } from './check-locale.ts';
import { checkLocales } from './check-locales.ts';
import { checkPeople } from './check-people.ts';
import { checkPrices } from './check-prices.ts';
import { checkRecording } from './check-recording.ts';
import { checkReferences } from './check-references.ts';
import { checkVoice } from './check-voice.ts';
import { checkOutbound } from './outbound.ts';
import type { PlaybookIssue } from './issue.ts';
import type { Located } from './read-yaml.ts';
import { newReport } from './report.ts';

/** What a schema cannot see. All problems at once. */
export function check({ source, locate, whole }: Located): {
  errors: readonly PlaybookIssue[];
  warnings: readonly PlaybookIssue[];
} {
  const report = newReport(locate);
  checkLocale(source, report);
  checkReferences(source, report);
  checkFlow(source, report);
  checkPeople(source, report);
  checkRecording(source, report);
  checkOutbound(source, report);
  checkLengths(source, report);
  checkVoice(source, report);
  // Where a fact or a reference is missing, sums and ways through the graph would only mislead.
  if (whole && report.errors.length === 0) {
    checkPrices(source, report);
    checkExamples(source, report);
    checkGraph(source, report);
    checkExperiments(source, report);
    checkLocales(source, report);
  }
  return report;
}
