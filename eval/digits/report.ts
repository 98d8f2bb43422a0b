import type { NumberTrial, Trial } from './measure.ts';
import type { Means } from './number-call.ts';

export interface Measured {
  readonly digits: readonly Trial[];
  readonly digitsOldLine: readonly Trial[];
  readonly numbersGrouped: readonly Trial[];
  readonly numbersWithoutPauses: readonly Trial[];
  /** Caller id and keypad. */
  readonly withHelp: readonly NumberTrial[];
  readonly byVoiceAlone: readonly NumberTrial[];
}

const share = (right: number, all: number): number => (all === 0 ? 0 : Math.round((1_000 * right) / all) / 10);

/** In %. */
function accuracy(trials: readonly Trial[]): number {
  return share(trials.filter(({ said, heard }) => said === heard).length, trials.length);
}

const took = ({ means }: NumberTrial): boolean => means !== 'wrong' && means !== 'not taken';

function taken(trials: readonly NumberTrial[]): number {
  return share(trials.filter(took).length, trials.length);
}

function bySpeaker<T extends { readonly speaker: string }>(
  trials: readonly T[],
  measure: (trials: readonly T[]) => number,
): Record<string, number> {
  const names = [...new Set(trials.map(({ speaker }) => speaker))];
  return Object.fromEntries(names.map((name) => [name, measure(trials.filter(({ speaker }) => speaker === name))]));
}

/** "3>8": how often. Most frequent first. */
export function confusionsOf(trials: readonly Trial[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { said, heard } of trials) {
    if (said === heard) continue;
    const pair = `${said}>${heard === '' ? '-' : heard}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

function throughDialogue(trials: readonly NumberTrial[]) {
  const means: Partial<Record<Means, number>> = {};
  for (const trial of trials) means[trial.means] = (means[trial.means] ?? 0) + 1;
  const turns = trials.map(({ callerTurns }) => callerTurns).sort((one, other) => one - other);
  return {
    calls: trials.length,
    accuracy: taken(trials),
    means,
    callerTurns: { median: turns[turns.length >> 1] ?? 0, most: turns.at(-1) ?? 0 },
    bySpeaker: bySpeaker(trials, taken),
  };
}

/** All accuracies in %. */
export function reportOf(measured: Measured) {
  const { digits, digitsOldLine, numbersGrouped, numbersWithoutPauses, withHelp, byVoiceAlone } = measured;
  const numbers = [...numbersGrouped, ...numbersWithoutPauses];
  return {
    name: 'digits',
    digitAccuracy: accuracy(digits),
    numberAccuracy: accuracy(numbers),
    numberThroughDialogue: taken(withHelp),
    numberThroughDialogueByVoiceAlone: taken(byVoiceAlone),
    digits: {
      count: digits.length,
      bySpeaker: bySpeaker(digits, accuracy),
      confusions: confusionsOf(digits),
      from300To3400Hz: { accuracy: accuracy(digitsOldLine), bySpeaker: bySpeaker(digitsOldLine, accuracy) },
    },
    numbers: {
      count: numbers.length,
      grouped: accuracy(numbersGrouped),
      withoutPauses: accuracy(numbersWithoutPauses),
      bySpeaker: bySpeaker(numbers, accuracy),
    },
    throughDialogue: { withCallerIdAndKeypad: throughDialogue(withHelp), byVoiceAlone: throughDialogue(byVoiceAlone) },
  };
}

export type Report = ReturnType<typeof reportOf>;

export function tableOf(report: Report): string {
  const { digits, numbers, throughDialogue: calls } = report;
  const list = (values: Readonly<Record<string, number>>, most = 12): string =>
    Object.entries(values)
      .slice(0, most)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return [
    `single digits            ${report.digitAccuracy} % of ${digits.count} (${list(digits.bySpeaker)})`,
    `  300 to 3,400 Hz        ${digits.from300To3400Hz.accuracy} % (${list(digits.from300To3400Hz.bySpeaker)})`,
    `  said>heard             ${list(digits.confusions)}`,
    `ten digits in one breath ${report.numberAccuracy} % of ${numbers.count} (${list(numbers.bySpeaker)})`,
    `  grouped 3-3-4          ${numbers.grouped} %`,
    `  without pauses         ${numbers.withoutPauses} %`,
    ...(
      [
        ['through the dialogue', calls.withCallerIdAndKeypad],
        ['  by voice alone', calls.byVoiceAlone],
      ] as const
    ).flatMap(([title, call]) => [
      `${title.padEnd(24)} ${call.accuracy} % of ${call.calls} (${list(call.bySpeaker)})`,
      `  how                    ${list(call.means)}`,
      `  caller's turns         median ${call.callerTurns.median}, most ${call.callerTurns.most}`,
    ]),
  ].join('\n');
}
