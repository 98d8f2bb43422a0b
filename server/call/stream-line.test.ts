import { beforeEach, expect, test, vi } from 'vitest';
import { frameSamples, silentFrame } from '../audio/frame.ts';
import { encodeG711 } from '../audio/g711.ts';
import type { CarrierListener } from '../transport/stream/carrier-socket.ts';
import { StreamLine } from './stream-line.ts';

beforeEach(() => void vi.useFakeTimers());

const tone = new Int16Array(frameSamples).fill(4_000);
const chunk = encodeG711('PCMU', new Int16Array(160).fill(2_000));

async function openLine({ closed = false } = {}) {
  const sent: string[] = [];
  const told: string[] = [];
  let carrier: CarrierListener | undefined;
  let nowMs = 0;
  let samples = 0;
  const line = new StreamLine({
    socket: {
      closed,
      listen: (listener) => void (carrier = listener),
      sendAudio: (_, payload) => void sent.push(`audio ${payload.length}`),
      sendMark: (_, name) => void sent.push(`mark ${name}`),
      sendClear: () => void sent.push('clear'),
      close: () => void sent.push('close'),
    },
    streamId: 'S1',
    law: 'PCMU',
    now: () => nowMs,
  });
  await line.open({
    ready: () => told.push('ready'),
    connected: () => told.push('connected'),
    audio: (part) => void (samples += part.length),
    keyPressed: (key) => told.push(`key ${key}`),
    held: () => told.push('held'),
    degraded: (cause) => told.push(`degraded ${cause}`),
    fault: () => told.push('fault'),
    ended: (reason) => told.push(`ended ${reason}`),
  });
  const say = (message: Parameters<CarrierListener['message']>[0]): void => carrier?.message(message);
  const audio = (place: number): void =>
    say({ kind: 'audio', chunk: place, timestampMs: (place - 1) * 20, payload: chunk });
  /** 20 ms after 20 ms. */
  const play = (frame: Int16Array, frames = 1): void => {
    for (let n = 0; n < frames; n += 1) {
      nowMs += 20;
      line.play(frame);
    }
  };
  return { line, sent, told, say, audio, play, drop: () => carrier?.closed(), heardMs: () => samples / 16 };
}

test('the carrier has picked up: the caller hears from the first frame on, 20 ms of µ-law each', async () => {
  const { told, sent, play } = await openLine();
  expect(told).toEqual(['ready', 'connected']);
  play(tone, 2);
  expect(sent).toEqual(['audio 160', 'audio 160']);
});

test('a caller who gave up before the agent could answer is no lost line', async () => {
  expect((await openLine({ closed: true })).told).toEqual(['ended caller-hang-up']);
});

test('chunks that overtake each other come in order, a missing one is made up, a doubled one is dropped', async () => {
  const { line, audio, play, heardMs } = await openLine();
  for (const place of [1, 3, 2, 2, 5]) audio(place);
  expect(heardMs()).toBe(60);
  play(silentFrame, 3);
  expect(heardMs()).toBe(100);
  expect(line.quality).toMatchObject({ packetsReceived: 5, packetsLost: 1 });
});

test('a carrier that sends nothing is heard as silence, so that time goes on for the listener', async () => {
  const { audio, play, heardMs } = await openLine();
  audio(1);
  play(silentFrame, 19);
  expect(heardMs()).toBe(20);
  play(silentFrame, 10);
  expect(heardMs()).toBeGreaterThan(100);
});

test('silence of ours is sent for half a second, then the carrier may run dry until the agent speaks', async () => {
  const { sent, play } = await openLine();
  play(silentFrame, 200);
  const silent = sent.filter((each) => each.startsWith('audio')).length;
  expect(silent).toBe(25);
  play(tone);
  expect(sent.filter((each) => each.startsWith('audio'))).toHaveLength(silent + 1);
});

test('marks measure the way to the ear; a flush clears what is buffered', async () => {
  const { line, sent, say, play } = await openLine();
  expect(line.downstreamMs).toBeUndefined();
  play(tone, 10);
  expect(sent.at(-1)).toBe('mark played-1');
  play(tone, 4);
  say({ kind: 'mark', name: 'played-1' });
  expect(line.downstreamMs).toBe(80);
  line.flush();
  expect(sent.at(-1)).toBe('clear');
});

test('keys, faults, a stop and a lost connection are told, each end once', async () => {
  const first = await openLine();
  first.say({ kind: 'key', key: '5' });
  first.say({ kind: 'fault', cause: 'Telnyx error 1' });
  first.say({ kind: 'stop' });
  first.drop();
  expect(first.told.slice(2)).toEqual(['key 5', 'degraded Telnyx error 1', 'ended caller-hang-up']);
  const second = await openLine();
  second.drop();
  expect(second.told.slice(2)).toEqual(['ended connection-lost']);
});

test('hanging up lets the last words be heard: until the carrier has played them, or a second and a half', async () => {
  const played = await openLine();
  played.line.hangUp();
  expect(played.sent).toEqual(['mark last-words']);
  played.say({ kind: 'mark', name: 'last-words' });
  expect(played.sent.at(-1)).toBe('close');
  const mute = await openLine();
  mute.line.hangUp();
  vi.advanceTimersByTime(1_500);
  expect(mute.sent.at(-1)).toBe('close');
});
