import { talk } from '../caller/conversation.ts';
import { callerSpeech } from '../speech/caller-voice.ts';
import { bookingCaller, doubtfulCaller, questions } from '../caller/personas.ts';
import { type MeasuredDoor, openDoor } from './latency-door.ts';
import {
  joinTurns,
  type LatencyDoor,
  latencyReport,
  latencyTable,
  type LatencyReport,
  type MeasuredTurn,
} from './latency-report.ts';

/** Silence that proves that the agent stopped, and did not just take a breath. Talked through, it counts in full. */
const bargeInSilenceMs = 150;
const bargeInSamples = 12;
/** Into the agent's turn: it is well under way, and not yet over. */
const bargeInAfterMs = 700;

export interface LatencyRun {
  readonly report: LatencyReport;
  readonly table: string;
}

interface LatencyOptions {
  readonly door: LatencyDoor;
  readonly turns: number;
  readonly progress: (line: string) => void;
}

/** Whole calls, in a real browser or with a telephone, against the whole product. `progress` hears one line a turn. */
export async function runLatency(options: LatencyOptions): Promise<LatencyRun> {
  const door = await openDoor(options.door);
  try {
    const turns = await measureTurns(door, options);
    const bargeIns = await measureBargeIns(door, options.progress);
    const report = latencyReport(options.door, turns, bargeIns);
    return { report, table: latencyTable(report, bargeIns.length) };
  } finally {
    await door.close();
  }
}

async function measureTurns(
  door: MeasuredDoor,
  { turns: wanted, progress }: Pick<LatencyOptions, 'turns' | 'progress'>,
): Promise<MeasuredTurn[]> {
  const turns: MeasuredTurn[] = [];
  for (let number = 1; turns.length < wanted; number += 1) {
    const persona = number % 2 === 1 ? bookingCaller('rms') : doubtfulCaller('awb');
    await Promise.all(persona.rules.map(({ say }) => callerSpeech(say, persona.voice)));
    const call = await door.call(persona.voice);
    const exchanges = await talk(call.partner, persona, {
      onExchange: ({ callerSaid, lastSampleMs, onsetMs }) => {
        if (lastSampleMs === null || onsetMs === null) return;
        progress(`call ${number}: ${String(Math.round(onsetMs - lastSampleMs)).padStart(5)} ms after "${callerSaid}"`);
      },
    });
    await call.close();
    const record = await door.staff.endedRecord(call.callId);
    const measured = joinTurns(exchanges, record.events);
    if (measured.length === 0) throw new Error(`Call ${call.callId} had no turn that could be measured.`);
    turns.push(...measured.slice(0, wanted - turns.length));
  }
  return turns;
}

/** Every question is asked over the answer to the one before. */
async function measureBargeIns(door: MeasuredDoor, progress: (line: string) => void): Promise<number[]> {
  const samples: number[] = [];
  await Promise.all(questions.map((question) => callerSpeech(question, 'rms')));
  const call = await door.call('rms');
  await call.partner.nextTurn();
  let said = await call.say(questions[0]);
  for (let index = 1; samples.length < bargeInSamples; index += 1) {
    if (index > 2 * bargeInSamples) throw new Error(`Only ${samples.length} barge-ins in ${index} tries.`);
    await call.waitUntil((await call.waitForOnset(said.endMs)) + bargeInAfterMs);
    said = await call.say(questions[index % questions.length] ?? questions[0]);
    const silentMs = await call.lastAudibleBetween(said.startMs, said.endMs);
    if (silentMs === null) continue;
    samples.push(silentMs - said.startMs);
    const stopped = said.endMs - silentMs >= bargeInSilenceMs;
    progress(
      `barge-in ${samples.length}: ${Math.round(silentMs - said.startMs)} ms to silence${stopped ? '' : ', talked through'}`,
    );
  }
  await call.hangUp();
  await call.close();
  return samples;
}
