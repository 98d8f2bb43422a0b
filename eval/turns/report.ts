import { spread, type Spread } from '../bench/percentile.ts';
import type { Verdict } from './judge.ts';
import type { CaseKind } from './turn-case.ts';

/** Undefined where nothing was measured. */
type MaybeSpread = Spread | undefined;

export interface TurnsReport {
  readonly name: 'turns';
  readonly seed: number;
  readonly cases: number;
  /** Of the utterances that have a pause: those in which a turn ended before the caller had finished. */
  readonly cutOffRate: number;
  /** The same, of all utterances: complete answers and those with a pause. */
  readonly cutOffRateOfAll: number;
  /** Of backchannels and noises over the agent: the agent lost words, or a turn was taken. */
  readonly falseInterruptionRate: number;
  /** Stricter: also those in which the voice stopped at all, and then went on. */
  readonly audibleStopRate: number;
  /** After complete answers: the caller's last audible sample to the end of the turn. */
  readonly endDelayMs: MaybeSpread;
  readonly endDelayAfterPausesMs: MaybeSpread;
  /** After a false stop, until the agent went on. */
  readonly resumeGapMs: MaybeSpread;
  readonly missedInterruptionRate: number;
  /** Interruptions that were noticed: the caller's first audible sample to the stop. */
  readonly stopMs: MaybeSpread;
  readonly stoppedWithin250Ms: number;
  readonly kinds: Readonly<Record<CaseKind, { readonly cases: number; readonly faults: number }>>;
  readonly failures: readonly {
    readonly id: string;
    readonly fault: string;
    readonly about: string;
    readonly said: string;
    readonly heard: readonly string[];
  }[];
}

export function reportOf(seed: number, verdicts: readonly Verdict[]): TurnsReport {
  const of = (...kinds: readonly CaseKind[]) => verdicts.filter((verdict) => kinds.includes(verdict.case.kind));
  const [complete, pauses] = [of('complete'), of('pause')];
  const disturbances = of('backchannel', 'noise');
  const interruptions = of('interruption');
  const cutOff = ({ fault }: Verdict) => fault === 'cut-off';
  const noticed = interruptions.filter(({ fault }) => fault === undefined);
  const count = (kind: CaseKind) => ({
    cases: of(kind).length,
    faults: of(kind).filter(({ fault }) => fault !== undefined).length,
  });
  return {
    name: 'turns',
    seed,
    cases: verdicts.length,
    cutOffRate: share(pauses, cutOff),
    cutOffRateOfAll: share([...complete, ...pauses], cutOff),
    falseInterruptionRate: share(disturbances, ({ fault }) => fault !== undefined),
    audibleStopRate: share(disturbances, ({ fault, stopped }) => stopped || fault !== undefined),
    endDelayMs: spreadOf(complete, ({ endDelayMs }) => endDelayMs),
    endDelayAfterPausesMs: spreadOf(pauses, ({ endDelayMs }) => endDelayMs),
    resumeGapMs: spreadOf(disturbances, ({ gapMs }) => gapMs),
    missedInterruptionRate: share(interruptions, ({ fault }) => fault !== undefined),
    stopMs: spreadOf(noticed, ({ stopMs }) => stopMs),
    stoppedWithin250Ms: share(interruptions, ({ stopMs }) => stopMs !== undefined && stopMs <= 250),
    kinds: {
      complete: count('complete'),
      pause: count('pause'),
      backchannel: count('backchannel'),
      noise: count('noise'),
      interruption: count('interruption'),
    },
    failures: verdicts.flatMap(({ case: { id, about, parts, voice }, fault, turns }) =>
      fault === undefined
        ? []
        : [
            {
              id: `${id} (${voice})`,
              fault,
              about,
              said: parts
                .map((part) =>
                  'say' in part ? part.say : 'noise' in part ? `(${part.noise})` : `| ${part.pauseMs} ms |`,
                )
                .join(' '),
              heard: turns.map(({ text, endedMs }) => `${Math.round(endedMs)} ms: ${text}`),
            },
          ],
    ),
  };
}

const percent = (rate: number): string => `${Math.round(rate * 1_000) / 10} %`;
const ms = (spread: MaybeSpread): string => (spread ? `${spread.p50} ms (95 %: ${spread.p95} ms)` : '-');

export function tableOf(report: TurnsReport): string {
  const kinds = Object.entries(report.kinds).map(([kind, { cases, faults }]) => `${kind} ${faults} of ${cases}`);
  return [
    `${report.cases} cases of seed ${report.seed}. Faults: ${kinds.join(', ')}`,
    '',
    `cut off, of utterances with pauses     ${percent(report.cutOffRate)}`,
    `cut off, of all utterances             ${percent(report.cutOffRateOfAll)}`,
    `end of turn after complete answers     ${ms(report.endDelayMs)}`,
    `end of turn after pauses               ${ms(report.endDelayAfterPausesMs)}`,
    `false interruptions                    ${percent(report.falseInterruptionRate)}`,
    `voice audibly stopped for nothing      ${percent(report.audibleStopRate)}`,
    `its silence then                       ${ms(report.resumeGapMs)}`,
    `interruptions missed                   ${percent(report.missedInterruptionRate)}`,
    `voice stopped after                    ${ms(report.stopMs)}`,
    `voice stopped within 250 ms            ${percent(report.stoppedWithin250Ms)}`,
    ...report.failures.map(
      ({ id, fault, said, heard }) => `\n${id}: ${fault}\n  said   ${said}\n  heard  ${heard.join(' / ') || 'nothing'}`,
    ),
  ].join('\n');
}

function share(verdicts: readonly Verdict[], of: (verdict: Verdict) => boolean): number {
  return verdicts.length === 0 ? 0 : Math.round((1_000 * verdicts.filter(of).length) / verdicts.length) / 1_000;
}

function spreadOf(verdicts: readonly Verdict[], of: (verdict: Verdict) => number | undefined): MaybeSpread {
  const values = verdicts.map(of).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : spread(values);
}
