import { expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import { PortPool } from '../transport/telephone/rtp/port-range.ts';
import { callingTelephone } from '../transport/telephone/testing/calling-telephone.ts';
import { OutboundLine } from './outbound-line.ts';

/** Ports are bound for real: test runs beside each other do not meet. */
const firstPort = 40_000 + 100 * (process.pid % 30);

/** A call through a trunk that takes `maxCalls`, and what is told of it when nobody picks up. */
function openLine({ maxCalls = 2, ports = 100 }: { maxCalls?: number; ports?: number }) {
  const calling = callingTelephone({ trunk: { maxCalls } });
  const facts: CallFact[] = [];
  const whys: (string | undefined)[] = [];
  const line = new OutboundLine({
    telephone: { call: (out) => calling.place(out) },
    trunk: 'carrier',
    business: 'ridgeline',
    to: '+17205550123',
    ringMs: 10_000,
    announcedAddress: '192.0.2.1',
    policy: {},
    host: '127.0.0.1',
    ports: new PortPool({ from: firstPort, to: firstPort + ports }),
    now: Date.now,
    onRinging: () => undefined,
    onUnanswered: (fact, why) => {
      facts.push(fact);
      whys.push(why);
    },
  });
  const ended = vi.fn();
  const nothing = (): void => undefined;
  const opened = line.open({
    ready: nothing,
    connected: nothing,
    audio: nothing,
    keyPressed: nothing,
    held: nothing,
    degraded: nothing,
    fault: nothing,
    ended,
  });
  return { calling, facts, whys, ended, line, opened };
}

test.each([
  [{ maxCalls: 0 }, { retryAfterS: 60 }, 'the trunk takes 0 calls at a time'],
  [{ ports: 0 }, {}, 'every RTP port is in use'],
])('a call that our own limits %j keep back was not dialled, and says so', async (limits, wait, why) => {
  const { calling, facts, whys, ended, line, opened } = openLine(limits);
  await opened;
  await vi.waitFor(() => expect(ended).toHaveBeenCalledWith('not-answered'));
  expect(facts).toEqual([{ type: 'disposition', disposition: 'failed', dialled: false, ...wait }]);
  expect([whys, calling.trunk.received]).toEqual([[why], []]);
  line.hangUp();
});

test('a network that is out of service says for how long', async () => {
  const { calling, facts, ended, line, opened } = openLine({});
  await opened;
  await vi.waitFor(() => expect(calling.trunk.methods).toEqual(['INVITE']));
  calling.trunk.answer(503, { headers: ['Retry-After: 7'] });
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
  expect(facts).toEqual([{ type: 'disposition', disposition: 'failed', status: 503, retryAfterS: 7 }]);
  line.hangUp();
});
