import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameSamples, msToSamples, toFrames } from '../audio/frame.ts';
import type { Completeness } from '../agent/turn/endpointing.ts';
import { FliteSynthesizer } from '../provider/flite/flite.ts';
import { PocketSphinxFactory } from '../provider/pocketsphinx/pocketsphinx.ts';
import { SileroModel } from '../provider/silero/silero.ts';
import { Hearing, type HeardTurn } from './hearing.ts';

const phrases = [
  'i need a new roof',
  'my name is susan miller',
  'yes that is right',
  'uh huh',
  'five five five',
  'oh one two three',
];
const voice = new FliteSynthesizer('rms');
let folder: string;
let recognizers: PocketSphinxFactory;
let silero: SileroModel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-hearing-'));
  recognizers = await PocketSphinxFactory.prepare({ phrases, key: 'test', cacheFolder: folder });
  silero = await SileroModel.load();
});
afterAll(() => rm(folder, { recursive: true }));

const silence = (ms: number): Int16Array => new Int16Array(msToSamples(ms));
const say = async (text: string): Promise<Int16Array> => (await voice.synthesize(text)).samples;

interface Heard {
  readonly turns: HeardTurn[];
  /** When speech was noticed. */
  readonly starts: number[];
  readonly previews: string[];
}

/** Plays the parts to one ear, 20 ms at a time, on a clock of its own. */
async function hear(
  parts: readonly Int16Array[],
  {
    completeness = 'unknown',
    agentSpeaking = false,
  }: { completeness?: Completeness | (() => Completeness); agentSpeaking?: boolean } = {},
): Promise<Heard> {
  let nowMs = 0;
  const heard: Heard = { turns: [], starts: [], previews: [] };
  const recognizer = await recognizers.create();
  const hearing = new Hearing({
    detector: silero.detector(),
    recognizer,
    watch: { degraded: () => undefined, used: () => undefined },
    now: () => nowMs,
    completeness: typeof completeness === 'function' ? completeness : () => completeness,
    agentSpeaking: () => agentSpeaking,
    listener: {
      speechStart: () => heard.starts.push(nowMs),
      partial: () => undefined,
      preview: (text) => heard.previews.push(text),
      turnEnd: (turn) => heard.turns.push(turn),
      failed: (cause) => expect.unreachable(String(cause)),
    },
  });
  const audio = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    audio.set(part, at);
    at += part.length;
  }
  for (const frame of toFrames(audio)) {
    nowMs += (frameSamples * 1_000) / 16_000;
    await hearing.push(frame);
  }
  await hearing.close();
  await recognizer.close();
  return heard;
}

test('a complete answer ends the turn 200 ms after its last sample', async () => {
  const speech = await say('I need a new roof');
  const { turns, starts } = await hear([silence(600), speech, silence(2_000)], { completeness: 'complete' });
  expect(turns.map(({ text }) => text)).toEqual(['i need a new roof']);
  const endMs = 600 + (speech.length * 1_000) / 16_000;
  const turn = turns[0];
  expect(starts[0]).toBeGreaterThan(550);
  expect(starts[0]).toBeLessThan(800);
  expect(Math.abs((turn?.endMs ?? 0) - endMs)).toBeLessThan(80);
  expect((turn?.endpointAtMs ?? 0) - (turn?.endMs ?? 0)).toBeGreaterThanOrEqual(200);
  expect((turn?.endpointAtMs ?? 0) - (turn?.endMs ?? 0)).toBeLessThan(240);
});

test('a whole answer that was plainly unfinished to the live pass is waited for', async () => {
  const passes: Completeness[] = ['incomplete', 'complete'];
  const parts = [silence(600), await say('I need a new roof'), silence(2_000)];
  const { turns } = await hear(parts, { completeness: () => passes.shift() ?? 'complete' });
  const [turn] = turns;
  expect(turn?.text).toBe('i need a new roof');
  expect((turn?.endpointAtMs ?? 0) - (turn?.endMs ?? 0)).toBeGreaterThanOrEqual(500);
});

test("what can't be told ends after 500 ms, and its words are known before", async () => {
  const { turns, previews } = await hear([silence(600), await say('my name is susan miller'), silence(2_000)]);
  const turn = turns[0];
  expect(turn?.text).toBe('my name is susan miller');
  expect(previews).toEqual(['my name is susan miller']);
  expect((turn?.endpointAtMs ?? 0) - (turn?.endMs ?? 0)).toBeGreaterThanOrEqual(500);
  expect(turn?.finalAtMs).toBeLessThan(turn?.endpointAtMs ?? 0);
});

test('a pause inside dictation does not end the turn: both halves are one', async () => {
  const parts = [
    silence(600),
    await say('five five five'),
    silence(1_000),
    await say('oh one two three'),
    silence(2_500),
  ];
  const { turns } = await hear(parts, { completeness: 'incomplete' });
  expect(turns.map(({ text }) => text)).toEqual(['five five five oh one two three']);
});

test('a word or two that mean nothing are waited for like an "um", but not over the agent', async () => {
  const parts = [silence(600), await say('uh huh'), silence(2_500)];
  const delayMs = async (agentSpeaking: boolean) => {
    const { turns } = await hear(parts, { completeness: 'unclear', agentSpeaking });
    const [turn] = turns;
    expect(turn?.text).toBe('uh huh');
    return (turn?.endpointAtMs ?? 0) - (turn?.endMs ?? 0);
  };
  expect(await delayMs(false)).toBeGreaterThanOrEqual(1_500);
  expect(await delayMs(true)).toBeLessThan(1_100);
});

test('silence, a click and a hum are no turn', async () => {
  const click = silence(2_000);
  click.fill(20_000, 16_000, 16_040);
  const hum = Int16Array.from({ length: 32_000 }, (_, n) => 300 * Math.sin((2 * Math.PI * 50 * n) / 16_000));
  expect(await hear([silence(1_000), click, hum])).toEqual({ turns: [], starts: [], previews: [] });
});

test('speech over the agent is noticed within 200 ms', async () => {
  const { starts } = await hear([silence(640), await say('yes that is right'), silence(1_500)], {
    agentSpeaking: true,
  });
  expect(starts).toHaveLength(1);
  expect(starts[0]).toBeGreaterThan(600);
  expect(starts[0]).toBeLessThan(840);
});
