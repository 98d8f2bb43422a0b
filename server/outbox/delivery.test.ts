import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventAck, EventBatch } from '../../contract/call-event.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from './delivery.ts';
import { Outbox } from './outbox.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const log = createLog({ write: () => undefined, now: Date.now });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A control plane that stores events by their number and can be away. */
class FakeControlPlane {
  readonly stored: number[] = [];
  away = false;
  wrong: Error | undefined;
  batches = 0;

  readonly send = async (_: string, batch: EventBatch): Promise<EventAck> => {
    this.batches += 1;
    if (this.away) throw new Error('away');
    if (this.wrong) throw this.wrong;
    for (const { seq } of batch.events) if (seq === this.stored.length) this.stored.push(seq);
    return { nextSeq: this.stored.length };
  };
}

function setUp() {
  const outbox = new Outbox(':memory:', () => 0);
  const controlPlane = new FakeControlPlane();
  const delivery = new Delivery({ outbox, log, send: controlPlane.send });
  outbox.open(callId, 'acme');
  const record = (): void => {
    outbox.append(callId, { type: 'media-connected' }, 0);
    delivery.notify({ callId, business: 'acme' });
  };
  return { outbox, controlPlane, delivery, record };
}

test('events arrive in order, however many come while a batch is on its way', async () => {
  const { outbox, controlPlane, record } = setUp();
  for (let n = 0; n < 5; n++) record();
  await vi.advanceTimersByTimeAsync(0);
  for (let n = 0; n < 250; n++) record();
  await vi.advanceTimersByTimeAsync(0);
  expect(controlPlane.stored).toEqual(Array.from({ length: 255 }, (_, seq) => seq));
  expect(outbox.pending(callId, 10)).toEqual([]);
});

test('while the control plane is away events wait, and then arrive once', async () => {
  const { controlPlane, record } = setUp();
  controlPlane.away = true;
  record();
  await vi.advanceTimersByTimeAsync(3_000);
  record();
  const tries = controlPlane.batches;
  expect(tries).toBeGreaterThan(2);
  expect(tries).toBeLessThan(8);
  controlPlane.away = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(controlPlane.stored).toEqual([0, 1]);
});

test('a call without news says that it is alive', async () => {
  const { controlPlane, delivery } = setUp();
  delivery.start();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(controlPlane.batches).toBe(3);
  const stopped = delivery.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  await stopped;
});

test('a key or an address that is wrong for a while keeps nothing back: signs of life and events go on after it', async () => {
  const { controlPlane, delivery, record } = setUp();
  delivery.start();
  controlPlane.wrong = Object.assign(new Error('status 401'), { retry: 'later' });
  record();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(controlPlane.stored).toEqual([]);
  controlPlane.wrong = undefined;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(controlPlane.stored).toEqual([0]);
  const batches = controlPlane.batches;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(controlPlane.batches).toBe(batches + 1);
  await delivery.stop();
});

test('events that are refused for good do not hold up other calls, and are not sent again and again', async () => {
  const outbox = new Outbox(':memory:', () => 0);
  const good = callId.replace('0b', '1b');
  const sent: string[] = [];
  const delivery = new Delivery({
    outbox,
    log,
    send: async (id, { events }) => {
      sent.push(id);
      if (id === callId) throw Object.assign(new Error('conflict'), { retry: 'never' });
      return { nextSeq: (events.at(-1)?.seq ?? -1) + 1 };
    },
  });
  for (const id of [callId, good]) {
    outbox.open(id, 'acme');
    outbox.append(id, { type: 'media-connected' }, 0);
    delivery.notify({ callId: id, business: 'acme' });
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([callId, good]);
  expect(outbox.pending(good, 10)).toEqual([]);
  expect(outbox.pending(callId, 10)).toHaveLength(1);
});
