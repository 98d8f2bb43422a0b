import type { Verdict } from '../../server/agent/answerer/answerer.ts';
import { frameMs, frameSamples } from '../../server/audio/frame.ts';
import { Answering, type AnsweringOptions } from '../../server/call/answering.ts';
import type { AnsweredCall } from './corpus.ts';

export interface HeardCall {
  readonly call: AnsweredCall;
  /** The agent speaks, or waits, from this one on. */
  readonly first: Verdict | undefined;
  /** Where it was put right: the other one. */
  readonly last: Verdict | undefined;
  /** From the first sample of a voice to the first verdict, by the sound itself. */
  readonly decidedAfterMs: number | null;
  /** When the agent would have begun to talk as to a person; null where it found out in time that there is none. */
  readonly talkedToAtMs: number | null;
  /** When a message would have begun. */
  readonly messageAtMs: number | null;
}

/** Has a call heard as the product hears it, frame by frame, as fast as it goes. */
export async function hearCall(
  call: AnsweredCall,
  engines: Pick<AnsweringOptions, 'detector' | 'recognizers'>,
): Promise<HeardCall> {
  const verdicts: { verdict: Verdict; atMs: number }[] = [];
  let talkedToAtMs: number | null = null;
  let messageAtMs: number | null = null;
  let atMs = 0;
  const faults: unknown[] = [];
  const answering = new Answering({
    ...engines,
    watch: { degraded: () => undefined, used: () => undefined },
    listener: {
      decided: (verdict) => verdicts.push({ verdict, atMs }),
      personTime: () => (talkedToAtMs ??= atMs),
      // The last time counts: what seemed to be the end was none.
      messageTime: () => (messageAtMs = atMs),
      nameTime: () => undefined,
      deaf: (cause) => faults.push(cause),
    },
  });
  for (let from = 0; from + frameSamples <= call.sound.length; from += frameSamples) {
    atMs += frameMs;
    await answering.push(call.sound.subarray(from, from + frameSamples));
  }
  await answering.close();
  if (faults.length > 0) throw new Error('The answerer went deaf.', { cause: faults[0] });
  const [first] = verdicts;
  return {
    call,
    first: first?.verdict,
    last: verdicts.at(-1)?.verdict,
    decidedAfterMs: first ? first.atMs - call.voiceFromMs : null,
    talkedToAtMs,
    messageAtMs,
  };
}
