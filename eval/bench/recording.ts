import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameMs, frameSamples, toFrames } from '../../server/audio/frame.ts';
import { CallRecording } from '../../server/record/call-recording.ts';
import { Spool } from '../../server/record/spool.ts';
import { narrowCallerSpeech } from '../speech/caller-voice.ts';
import { percentile } from './percentile.ts';

/** So long is the call that is recorded. */
const callMs = 10 * 60_000;
/** The caller's words are waited for so long after they began, as in a turn. */
const turnFrames = 150;

export interface RecordingReport {
  readonly name: 'recording';
  readonly callMinutes: number;
  /** Of one core, for as long as the call lasts. */
  readonly cpuPctPerCall: number;
  readonly kbitPerSecond: number;
  /** What one round of 20 ms takes on the event loop that all calls share. */
  readonly roundMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** What recording adds to a call: both sides placed, encoded, paged and written, as fast as it goes. */
export async function runRecording({ progress }: { progress: (line: string) => void }): Promise<{
  report: RecordingReport;
  table: string;
}> {
  progress('Making speech for both sides …');
  const [callers, agents] = await Promise.all([
    narrowCallerSpeech('i need a new roof for about two thousand square feet', 'rms'),
    narrowCallerSpeech('we can come and look at it on monday at nine would that suit you', 'awb'),
  ]);
  const turns = [toFrames(callers.sound.pcm), toFrames(agents.sound.pcm)];
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    progress(`Recording a call of ${callMs / 60_000} minutes …`);
    const report = record(folder, turns[0] ?? [], turns[1] ?? []);
    const { cpuPctPerCall, kbitPerSecond, roundMs } = report;
    const table = [
      `one recorded call: ${cpuPctPerCall} % of a core, ${kbitPerSecond} kbit/s`,
      `one round of 20 ms: ${roundMs.p50} ms median, ${roundMs.p95} ms p95, ${roundMs.p99} ms p99`,
    ].join('\n');
    return { report, table };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function record(folder: string, caller: readonly Int16Array[], agent: readonly Int16Array[]): RecordingReport {
  let nowMs = 1_000_000;
  let tick = (): void => undefined;
  const recording = new CallRecording({
    callId: crypto.randomUUID(),
    business: 'bench',
    disclosure: [],
    spool: new Spool(folder, () => undefined),
    pacer: { add: (run) => ((tick = run), () => undefined) },
    now: () => nowMs,
    onBegin: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  recording.begin();
  const silence = new Int16Array(frameSamples);
  const exchange = [
    ...caller.map((frame) => [frame, silence] as const),
    ...agent.map((frame) => [silence, frame] as const),
  ];
  const roundsMs: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < callMs / frameMs; round += 1) {
    const place = round % exchange.length;
    const [said = silence, heard = silence] = exchange[place] ?? [];
    nowMs += frameMs;
    const began = performance.now();
    if (place === 0) recording.callerBegan(nowMs);
    if (place === turnFrames) recording.callerJudged();
    recording.caller(said);
    recording.agent(heard);
    tick();
    roundsMs.push(performance.now() - began);
  }
  recording.end();
  const { user, system } = process.cpuUsage(before);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return {
    name: 'recording',
    callMinutes: callMs / 60_000,
    cpuPctPerCall: rounded((100 * (user + system)) / 1_000 / callMs),
    kbitPerSecond: rounded((8 * bytes) / callMs),
    roundMs: {
      p50: rounded(percentile(roundsMs, 0.5)),
      p95: rounded(percentile(roundsMs, 0.95)),
      p99: rounded(percentile(roundsMs, 0.99)),
    },
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
