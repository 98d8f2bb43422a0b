import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { StreamClaims } from '../../contract/carrier-stream.ts';
import type { CallFact } from '../../contract/call-event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { Pacer } from '../agent/speak/pacer.ts';
import { embeddedVoice, SpeechCache } from '../agent/speak/speech-cache.ts';
import { ControlPlane } from '../http/control-plane.ts';
import { listen } from '../http/listener.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { FakeCarrier, type FakeCarrierOptions } from '../transport/stream/testing/fake-carrier.ts';
import { StreamDesk, type StreamDeskOptions } from './stream-desk.ts';

const sessionKey = new TextEncoder().encode('a session key of thirty-two bytes or more');
const msPerWord = 250;

let bundle: Bundle;
beforeAll(async () => void (bundle = await demoBundle()), 60_000);

let server: Server | undefined;
let desk: StreamDesk | undefined;
const carriers: FakeCarrier[] = [];
afterEach(async () => {
  for (const carrier of carriers.splice(0)) carrier.drop();
  await desk?.endAll('shut-down');
  server?.close();
});

/** A node that takes streams. Nobody listens on it, but it has a voice: a word is a quarter of a second. */
async function openNode(options: Partial<StreamDeskOptions> = {}) {
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const noEngine = () => Promise.reject(new Error('Nobody listens in this test'));
  const voice = embeddedVoice({
    synthesize: (text) => {
      const perWord = msPerWord * 16;
      const words = text
        .split(' ')
        .map((word, n) => ({ text: word, startSample: n * perWord, endSample: (n + 1) * perWord }));
      return Promise.resolve({ samples: new Int16Array(words.length * perWord).fill(4_000), words });
    },
  });
  const opened = new StreamDesk({
    outbox,
    delivery: new Delivery({ outbox, log, send: () => new Promise(() => undefined) }),
    controlPlane: new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' }),
    playbooks: {
      get: () =>
        Promise.resolve({
          bundle,
          recognizers: { create: noEngine },
          interjections: { create: noEngine },
          voices: { embedded: new SpeechCache(voice) },
        }),
    },
    languageModel: undefined,
    detector: () => expect.unreachable(),
    pacer: new Pacer(20, () => performance.now()),
    sessionKey,
    maxCalls: 10,
    otherCalls: () => 0,
    node: 'north',
    now: Date.now,
    maxJoinedMs: 14_400_000,
    log,
    ...options,
  });
  desk = opened;
  server = await listen({
    host: '127.0.0.1',
    port: 0,
    now: Date.now,
    health: () => ({}),
    onSignaling: () => undefined,
    onStream: (carrier, socket) => opened.welcome(carrier, socket),
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = async (more: Partial<FakeCarrierOptions> = {}): Promise<FakeCarrier> => {
    const carrier = await FakeCarrier.connect({
      carrier: 'twilio',
      url,
      token: await tokenFor(),
      callId: 'CA1',
      ...more,
    });
    carriers.push(carrier);
    return carrier;
  };
  const facts = (): CallFact[] =>
    outbox.calls().flatMap(({ callId }) => outbox.pending(callId, 1_000).map(({ fact }) => fact));
  const ended = async (): Promise<CallFact | undefined> => {
    await vi.waitFor(() => expect(opened.activeCalls).toBe(0), 5_000);
    return facts().at(-1);
  };
  return { desk: opened, connect, facts, ended };
}

async function tokenFor(change: Partial<StreamClaims> = {}): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  const claims: StreamClaims = {
    use: 'carrier-stream',
    jti: crypto.randomUUID(),
    sub: bundle.business.id,
    aud: 'north',
    iat: nowS,
    exp: nowS + 60,
    playbook: bundle.hash,
    carrier: 'twilio',
    carrierCallId: 'CA1',
    callerNumber: '+17205550199',
    dialledNumber: '+17205550100',
    ...change,
  };
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(sessionKey);
}

test.each(['twilio', 'telnyx'] as const)(
  '%s: a key stops the agent, what is buffered is cleared, and the record has only what was heard',
  async (name) => {
    const { connect, facts, ended } = await openNode();
    const carrier = await connect({ carrier: name, token: await tokenFor({ carrier: name }) });
    carrier.start();
    // The carrier is slow: it buffers 400 ms before it plays, and goes on at the pace of speech.
    await vi.waitFor(() => expect(carrier.bufferedMs).toBeGreaterThan(400), 10_000);
    const playing = setInterval(() => carrier.play(20), 20);
    onTestFinished(() => clearInterval(playing));
    await vi.waitFor(() => expect(carrier.heard.length).toBeGreaterThan(8 * 1_000), 5_000);
    carrier.send();
    for (const key of '0#') carrier.press(key);
    await vi.waitFor(() => expect(carrier.clears).toBe(1));
    const heardMs = carrier.heard.length / 8;
    carrier.stop();
    expect(await ended()).toMatchObject({ type: 'call-end', reason: 'caller-hang-up' });
    expect(facts()[0]).toMatchObject({ door: 'phone', callerNumber: '+17205550199', dialledNumber: '+17205550100' });
    const cut = facts().find((fact) => fact.type === 'agent-turn');
    const heardWords = (cut?.heardText ?? '').split(' ').filter(Boolean).length;
    expect(cut).toMatchObject({ interrupted: true });
    expect(heardWords).toBeGreaterThan(0);
    expect(heardWords * msPerWord).toBeLessThanOrEqual(heardMs);
    expect(facts()).toContainEqual(expect.objectContaining({ type: 'line-quality', packetsReceived: 1 }));
    expect(carrier.faults).toEqual([]);
  },
);

test('a connection that breaks ends its call as lost, with its record; the others go on', async () => {
  const { desk: taken, connect, ended } = await openNode();
  const [lost, other] = [await connect(), await connect()];
  for (const carrier of [lost, other]) carrier.start();
  await vi.waitFor(() => expect(taken.activeCalls).toBe(2), 5_000);
  lost.drop();
  await vi.waitFor(() => expect(taken.activeCalls).toBe(1), 5_000);
  other.drop();
  expect(await ended()).toMatchObject({ type: 'call-end', reason: 'connection-lost' });
});

test('when the node stops, the stream is closed and the record is whole', async () => {
  const { desk: taken, connect, ended } = await openNode();
  const carrier = await connect();
  carrier.start();
  await vi.waitFor(() => expect(taken.activeCalls).toBe(1), 5_000);
  await taken.endAll('shut-down');
  expect(await ended()).toMatchObject({ reason: 'shut-down' });
  expect(await carrier.closed).toMatchObject({ code: 1000 });
});

test('a token opens one call', async () => {
  const { desk: taken, connect } = await openNode();
  const token = await tokenFor();
  (await connect({ token })).start();
  await vi.waitFor(() => expect(taken.activeCalls).toBe(1), 5_000);
  const again = await connect({ token });
  again.start();
  expect(await again.closed).toEqual({ code: 1008, reason: 'The token has been used' });
});

test.each([
  ['without a token', {}, { token: '' }, 'The token is not valid here'],
  ['with a token that has expired', { exp: 1_000 }, {}, 'The token has expired'],
  ['with a token for another node', { aud: 'south' }, {}, 'The token is not valid here'],
  ['with a session token', { use: undefined as never }, {}, 'The token is not valid here'],
  ['with a token for another call', { carrierCallId: 'CA2' }, {}, 'The token is for another call'],
  ['with a token for another carrier', { carrier: 'telnyx' }, {}, 'The token is for another carrier'],
] as const)('%s nobody is answered', async (_, claims, options, reason) => {
  const { connect, facts } = await openNode();
  const carrier = await connect({ token: await tokenFor(claims), ...options });
  carrier.start();
  expect(await carrier.closed).toEqual({ code: 1008, reason });
  expect(facts()).toEqual([]);
});

test('a codec that is not G.711, too many calls, and a stream that does not begin with its start are refused', async () => {
  const { connect } = await openNode({ maxCalls: 0 });
  const wide = await connect({ carrier: 'telnyx', token: await tokenFor({ carrier: 'telnyx' }), encoding: 'G722' });
  wide.start();
  expect((await wide.closed).reason).toBe('Only G.711 at 8000 Hz is understood');
  const full = await connect();
  full.start();
  expect((await full.closed).reason).toBe('All lines are busy');
  const early = await connect();
  early.send();
  expect((await early.closed).reason).toBe('The first message is not start');
});

test('messages that are too large or too many close the stream, nonsense is passed over', async () => {
  const { connect } = await openNode();
  const large = await connect();
  large.raw('x'.repeat(20_000));
  expect((await large.closed).code).toBe(1009);
  const many = await connect();
  for (let n = 0; n < 1_200; n += 1) many.raw('{"event":"nonsense"}');
  expect(await many.closed).toEqual({ code: 1008, reason: 'Too many messages' });
});
