import type { AnsweredBy } from '../../contract/outbound.ts';
import type { HeardCall } from './hear-call.ts';

const kinds: readonly AnsweredBy[] = ['person', 'machine', 'screening'];
/** The bar: a person is spoken to within so long of their first sound. */
const personWithinMs = 2_500;

const at = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

function spread(values: readonly number[]) {
  const sorted = [...values].map(Math.round).sort((one, other) => one - other);
  return { count: sorted.length, p50: at(sorted, 0.5), p95: at(sorted, 0.95), most: sorted.at(-1) ?? null };
}

function confusion(heard: readonly HeardCall[], verdict: 'first' | 'last') {
  const counts = (who: AnsweredBy) =>
    Object.fromEntries(
      [...kinds, 'none' as const].map((as) => [
        as,
        heard.filter((each) => each.call.who === who && (each[verdict]?.who ?? 'none') === as).length,
      ]),
    );
  return { person: counts('person'), machine: counts('machine'), screening: counts('screening') };
}

export function reportOf(heard: readonly HeardCall[], seeds: readonly number[]) {
  const decided = (who: AnsweredBy): number[] =>
    heard.flatMap(({ call, decidedAfterMs }) => (call.who === who && decidedAfterMs !== null ? [decidedAfterMs] : []));
  const talkedTo = (who: AnsweredBy): number[] =>
    heard.flatMap(({ call, talkedToAtMs }) =>
      call.who === who && talkedToAtMs !== null ? [talkedToAtMs - call.voiceFromMs] : [],
    );
  const people = decided('person');
  const machines = heard.filter(({ call }) => call.who === 'machine');
  const messages = machines.flatMap(({ call, messageAtMs }) =>
    messageAtMs === null || call.recordsFromMs === null ? [] : [messageAtMs - call.recordsFromMs],
  );
  return {
    name: 'answerers',
    seeds,
    calls: heard.length,
    /** Said or done first; and after it was put right. Rows: who it was; columns: who it was taken for. */
    firstVerdict: confusion(heard, 'first'),
    lastVerdict: confusion(heard, 'last'),
    decidedMs: { person: spread(people), machine: spread(decided('machine')), screening: spread(decided('screening')) },
    peopleWithinBar: {
      barMs: personWithinMs,
      share: share(people.filter((ms) => ms <= personWithinMs).length, people.length),
    },
    /** Those who are no person and heard the beginning of the conversation, before that was put right. */
    mistakenlyTalkedTo: { machine: talkedTo('machine').length, screening: talkedTo('screening').length },
    /** From the first sound of a person to our first word: they are heard out. */
    personTalkedToMs: spread(talkedTo('person')),
    /** From the moment the machine records to our first word; below 0 its beginning is not recorded. */
    messageAfterMs: spread(messages),
    messagesTooEarly: messages.filter((ms) => ms < 0).length,
  };
}
type Report = ReturnType<typeof reportOf>;

const share = (part: number, all: number): number => (all === 0 ? 0 : Math.round((1_000 * part) / all) / 1_000);

export function tableOf(report: Report): string {
  const rows = (title: string, matrix: Report['lastVerdict']): string[] => [
    `${title.padEnd(22)}${[...kinds, 'none'].map((kind) => kind.padStart(11)).join('')}`,
    ...kinds.map(
      (who) =>
        `  ${who.padEnd(20)}${[...kinds, 'none'].map((as) => String(matrix[who][as] ?? 0).padStart(11)).join('')}`,
    ),
  ];
  const { person, machine } = report.decidedMs;
  return [
    `${report.calls} calls, seeds ${report.seeds.join(', ')}`,
    ...rows('First taken for', report.firstVerdict),
    ...rows('In the end taken for', report.lastVerdict),
    `People after ${person.p50} ms (p95 ${person.p95}, most ${person.most}); machines after ${machine.p50} ms.`,
    `Within ${report.peopleWithinBar.barMs} ms: ${(100 * report.peopleWithinBar.share).toFixed(1)} % of people.`,
    `Talked to as to a person: ${report.mistakenlyTalkedTo.machine} machines, ${report.mistakenlyTalkedTo.screening} assistants.`,
    `Messages begin ${report.messageAfterMs.p50} ms after the machine records; ${report.messagesTooEarly} too early.`,
  ].join('\n');
}
