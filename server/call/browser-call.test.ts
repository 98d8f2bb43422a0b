import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { ClientMessage, ServerMessage } from '../../contract/signaling.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { Pacer } from '../agent/speak/pacer.ts';
import { SpeechCache } from '../agent/speak/speech-cache.ts';
import { ControlPlane } from '../http/control-plane.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { MediaWorkers } from '../transport/browser/media-workers.ts';
import type { SignalingListener, SignalingSocket } from '../transport/browser/signaling-socket.ts';
import { BrowserCall } from './browser-call.ts';
import { Recorder } from './recorder.ts';
import { Tools } from './tools.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
let bundle: Bundle;

beforeAll(async () => {
  bundle = await demoBundle();
});
beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 17) }));
afterEach(() => void vi.useRealTimers());

/** The part of SignalingSocket that a call uses, and the page behind it. */
class FakePage {
  readonly received: ServerMessage[] = [];
  open = true;
  #listener: SignalingListener | undefined;

  listen(listener: SignalingListener): void {
    this.#listener = listener;
  }

  send(message: ServerMessage): void {
    if (this.open) this.received.push(message);
  }

  problem(code: 'bad-request', message: string, action: string): void {
    this.send({ type: 'problem', code, message, action });
  }

  close(): void {
    this.open = false;
  }

  /** The page sends. */
  tell(message: ClientMessage): void {
    this.#listener?.message(message);
  }

  /** The network takes the page away. */
  lose(): void {
    this.open = false;
    this.#listener?.closed();
  }

  captions(): string[] {
    return this.received.flatMap((message) => (message.type === 'caption' && message.final ? [message.text] : []));
  }
}

const asSocket = (page: FakePage): SignalingSocket => page as unknown as SignalingSocket;

async function startTypedCall(page = new FakePage()) {
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
  const ids = { callId, business: bundle.business.id };
  const onEnd = vi.fn();
  const controlPlane = new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' });
  const call = new BrowserCall({
    claims: {
      jti: callId,
      sub: ids.business,
      aud: 'local',
      iat: 0,
      exp: 0,
      playbook: bundle.hash,
      mode: 'text',
      consentVersion: '1',
      consentAtMs: 0,
      origin: 'https://shop.example',
    },
    playbook: {
      bundle,
      recognizers: { create: () => Promise.reject(new Error('A typed call needs no recogniser')) },
      interjections: { create: () => Promise.reject(new Error('A typed call needs no recogniser')) },
      voices: { embedded: new SpeechCache(() => Promise.reject(new Error('A typed call needs no voice'))) },
    },
    recorder: new Recorder(ids, outbox, delivery, Date.now),
    tools: new Tools(controlPlane, ids, Date.now),
    workers: {} as MediaWorkers,
    detector: () => expect.unreachable(),
    pacer: new Pacer(20, Date.now),
    node: 'local',
    now: Date.now,
    maxJoinedMs: 14_400_000,
    log,
    onEnd,
  });
  await call.attach(asSocket(page));
  await vi.advanceTimersByTimeAsync(0);
  const facts = (): CallFact[] => outbox.pending(callId, 1_000).map(({ fact }) => fact);
  const ended = () => facts().find((fact) => fact.type === 'call-end');
  return { call, page, facts, ended, onEnd };
}

test('a typed call greets, answers and ends with its record', async () => {
  const { page, facts, ended, onEnd } = await startTypedCall();
  expect(page.received[0]).toMatchObject({ type: 'welcome', callId });
  page.tell({ type: 'say', text: 'I need a new roof' });
  page.tell({ type: 'hang-up' });
  await vi.advanceTimersByTimeAsync(0);
  expect(ended()).toMatchObject({ reason: 'caller-hang-up' });
  expect(facts()[0]).toMatchObject({ type: 'call-start', mode: 'text' });
  expect(page.received.at(-1)).toMatchObject({ type: 'ended', reason: 'caller-hang-up' });
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(page.open).toBe(false);
});

test('someone who takes a minute to write is not hung up on', async () => {
  const { page, ended } = await startTypedCall();
  for (let second = 0; second < 120; second += 2) {
    page.tell({ type: 'typing' });
    await vi.advanceTimersByTimeAsync(2_000);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  expect(ended()).toBeUndefined();
});

test('a page that comes back within 15 s goes on, and is told what it missed', async () => {
  const { call, page, ended } = await startTypedCall();
  page.tell({ type: 'say', text: 'I need a new roof' });
  await vi.advanceTimersByTimeAsync(40_000);
  page.lose();
  await vi.advanceTimersByTimeAsync(14_000);
  const again = new FakePage();
  await call.attach(asSocket(again));
  expect(again.received[0]).toMatchObject({ type: 'welcome', callId });
  expect(again.captions()).toEqual(page.captions());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ended()).toBeUndefined();
});

test('a page that stays away loses the call after 15 s, with its record', async () => {
  const { page, ended, onEnd } = await startTypedCall();
  page.lose();
  await vi.advanceTimersByTimeAsync(17_000);
  expect(ended()).toMatchObject({ reason: 'connection-lost' });
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a page that went away while its token was checked leaves a record too', async () => {
  const gone = new FakePage();
  gone.open = false;
  const { ended } = await startTypedCall(gone);
  await vi.advanceTimersByTimeAsync(17_000);
  expect(ended()).toMatchObject({ reason: 'connection-lost' });
});

test('media messages in a typed call are answered, not obeyed', async () => {
  const { page, ended } = await startTypedCall();
  page.tell({ type: 'ready' });
  await vi.advanceTimersByTimeAsync(0);
  expect(page.received.at(-1)).toMatchObject({ type: 'problem', code: 'bad-request' });
  expect(ended()).toBeUndefined();
});
