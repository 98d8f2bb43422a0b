import { msToSamples } from '../../server/audio/frame.ts';
import { type Engines, SimulatedCall } from './simulation/simulated-call.ts';
import { callerSaying, roomOf, soundOf } from './sounds.ts';
import type { TurnCase } from './turn-case.ts';

/** What happened, in ms from the moment at which the caller's sound began. */
export interface Observed {
  /** When each part can be heard. */
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Turns that ended, and when that was decided. */
  readonly turns: readonly { readonly text: string; readonly confidence: number; readonly endedMs: number }[];
  /** The agent's voice was stopped. */
  readonly stops: readonly number[];
  /** Frames of the agent's voice that were not silent. */
  readonly audible: readonly number[];
  /** Texts that the record has as said by the caller since. */
  readonly callerSaid: readonly string[];
  /** What the agent was saying, and what of it the record has as heard. */
  readonly agentSaid: readonly { readonly text: string; readonly heardText: string }[];
}

const leadMs = 700;
/** Longer than any endpoint and the reply's first words. */
const tailMs = 2_600;
/** An agent that is still talking is listened to for so long. */
const maxTailMs = 25_000;

export async function runCase(engines: Engines, one: TurnCase, babble: Int16Array): Promise<Observed> {
  const { samples, spans } = await soundOf(one, babble);
  const room = roomOf(one);
  const call = await SimulatedCall.open(engines);
  try {
    await call.introduce((await callerSaying("i'm calling about my roof", one.voice)).pcm);
    await call.begin((await callerSaying('hello', one.voice)).pcm, one.before);
    const quiet = (ms: number) => call.hear(room(new Int16Array(msToSamples(ms))));
    const recorded = {
      caller: call.facts('caller-turn').length,
      agent: call.facts('agent-turn').length,
      turns: call.turns.length,
    };
    if (one.over) {
      call.conversation.typed(one.over.asked);
      recorded.caller += 1;
      const before = call.audible.length;
      while (call.audible.length === before) await quiet(20);
      await quiet(one.over.afterMs);
    } else await quiet(leadMs);
    const beganMs = call.clock.nowMs;
    await call.hear(room(samples));
    await quiet(tailMs);
    if (one.over)
      for (let waitedMs = 0; call.conversation.voice.speaking && waitedMs < maxTailMs; waitedMs += 100)
        await quiet(100);
    const since = (atMs: readonly number[]) => atMs.map((each) => each - beganMs);
    return {
      spans,
      turns: call.turns
        .slice(recorded.turns)
        .map(({ text, confidence, endpointAtMs }) => ({ text, confidence, endedMs: endpointAtMs - beganMs })),
      stops: since(call.stops),
      audible: since(call.audible),
      callerSaid: call
        .facts('caller-turn')
        .slice(recorded.caller)
        .map(({ text }) => text),
      agentSaid: call
        .facts('agent-turn')
        .slice(recorded.agent)
        .map(({ text, heardText }) => ({ text, heardText })),
    };
  } finally {
    await call.close();
  }
}
