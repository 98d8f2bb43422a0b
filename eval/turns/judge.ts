import { frameMs } from '../../server/audio/frame.ts';
import type { Observed } from './run-case.ts';
import type { TurnCase } from './turn-case.ts';

export interface Verdict {
  readonly case: TurnCase;
  /** What went wrong, if something did. */
  readonly fault?: 'cut-off' | 'no-turn' | 'false-interruption' | 'missed-interruption';
  /** What was heard and when, for the list of failures. */
  readonly turns: Observed['turns'];
  /** The caller's last audible sample to the end of the turn. */
  readonly endDelayMs?: number;
  /** The agent's voice was stopped while or after the caller made a sound. */
  readonly stopped: boolean;
  /** The caller's first audible sample to the stop. */
  readonly stopMs?: number;
  /** The agent's silence until it went on after a stop. */
  readonly gapMs?: number;
}

/** An interruption that takes longer than this to stop the voice was not noticed while it mattered. */
const noticedWithinMs = 600;

export function judge(one: TurnCase, seen: Observed): Verdict {
  const { turns } = seen;
  switch (one.kind) {
    case 'complete':
    case 'pause':
      return { case: one, turns, ...utterance(seen), stopped: false };
    case 'backchannel':
    case 'noise':
      return { case: one, turns, ...disturbance(seen), ...stop(seen) };
    case 'interruption':
      return { case: one, turns, ...interruption(seen), ...stop(seen) };
    default:
      return one.kind satisfies never;
  }
}

/** Cut off: a turn ended before the last of the utterance had begun to be heard or while it was. */
function utterance({ spans, turns }: Observed): Pick<Verdict, 'fault' | 'endDelayMs'> {
  const lastMs = spans.at(-1)?.toMs ?? 0;
  if (turns.some(({ endedMs }) => endedMs < lastMs)) return { fault: 'cut-off' };
  const [turn] = turns;
  return turn ? { endDelayMs: turn.endedMs - lastMs } : { fault: 'no-turn' };
}

/** A sound that must not matter: no turn may come of it, and everything the agent was saying must be heard. */
function disturbance({ callerSaid, agentSaid }: Observed): Pick<Verdict, 'fault'> {
  const lost = agentSaid.length === 0 || agentSaid.some(({ text, heardText }) => text !== heardText);
  return callerSaid.length > 0 || lost ? { fault: 'false-interruption' } : {};
}

/** Words that must stop the agent, and be answered. */
function interruption(seen: Observed): Pick<Verdict, 'fault'> {
  const { stopMs } = stop(seen);
  const noticed = stopMs !== undefined && stopMs <= noticedWithinMs;
  return noticed && seen.callerSaid.length > 0 ? {} : { fault: 'missed-interruption' };
}

function stop({ spans, stops, audible }: Observed): Pick<Verdict, 'stopped' | 'stopMs' | 'gapMs'> {
  const stopMs = stops.find((atMs) => atMs > 0);
  const fromMs = spans[0]?.fromMs ?? 0;
  if (stopMs === undefined) return { stopped: false };
  const again = audible.find((atMs) => atMs > stopMs + frameMs);
  return { stopped: true, stopMs: stopMs - fromMs, ...(again === undefined ? {} : { gapMs: again - stopMs }) };
}
