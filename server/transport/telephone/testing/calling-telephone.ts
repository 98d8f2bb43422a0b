import { vi } from 'vitest';
import { CallLimits } from '../auth/call-limits.ts';
import { Gatekeeper } from '../auth/gatekeeper.ts';
import { type Trunk, TrunkList } from '../auth/trunk.ts';
import { type CallOut, Dialler } from '../dialler.ts';
import type { OutboundEnd } from '../dialog/outbound-end.ts';
import type { OutboundLeg } from '../dialog/outbound-leg.ts';
import type { OutboundListener } from '../dialog/outbound-options.ts';
import { UserAgent } from '../dialog/user-agent.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import { oneWay } from './test-network.ts';
import { TestTrunk } from './test-trunk.ts';

const media = { address: '192.0.2.1', port: 40_000, sessionId: '1' };
const carrier: Trunk = {
  name: 'carrier',
  addresses: ['198.51.100.0/24'],
  address: { host: 'sip.carrier.example', port: undefined, transport: undefined },
  account: { username: 'parley', password: 'secret of the trunk' },
  callerId: '+17205550100',
  dial: ['+1720XXXXXXX', '2XX'],
  maxCalls: 2,
};

/** For tests on vitest's clock: a telephone that calls out, and the trunks that it reaches. */
export function callingTelephone(options: { trunk?: Partial<Trunk>; ways?: readonly TestTrunk[] } = {}) {
  const [first = new TestTrunk(), ...others] = options.ways ?? [];
  const trunks = [first, ...others];
  const after = (delayMs: number, work: () => void): (() => void) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  };
  let ids = 0;
  const newId = (): string => `id${(ids += 1)}`;
  const agent = new UserAgent({
    local: () => ({ address: '192.0.2.1', port: 5_060 }),
    gatekeeper: new Gatekeeper(new TrunkList([carrier]), Date.now),
    after,
    newId,
    random: () => 0.5,
    network: oneWay,
    vacancy: () => 'free',
    onCall: (leg) => leg.answer(media),
  });
  for (const one of trunks) one.stack = agent.transactions;
  const dialler = new Dialler({
    trunks: [{ ...carrier, ...options.trunk }],
    limits: new CallLimits({ perBusiness: 3, perBusinessADay: 5, now: Date.now }),
    agent,
    network: {
      waysTo: () =>
        Promise.resolve(
          trunks.map(
            ({ flow, reached }) =>
              () =>
                reached.then(() => flow),
          ),
        ),
    },
    newCnonce: newId,
  });
  const heard: string[] = [];
  const agreed: AgreedMedia[] = [];
  const ends: OutboundEnd[] = [];
  const listener: OutboundListener = {
    ringing: (status, early) => heard.push(`${status}${early ? ' early' : ''}`),
    media: (one) => agreed.push(one),
    answered: () => heard.push('answered'),
    keyPressed: (key) => heard.push(`key ${key}`),
    ended: (end) => ends.push(end),
  };
  const place = (out: Partial<CallOut> = {}): OutboundLeg => {
    const leg = dialler.call({ trunk: 'carrier', business: 'ridgeline', to: '+1 (720) 555-0123', media, ...out });
    leg.listen(listener);
    return leg;
  };
  const dial = async (out?: Partial<CallOut>): Promise<OutboundLeg> => {
    const leg = place(out);
    await vi.advanceTimersByTimeAsync(0);
    return leg;
  };
  /** Transactions, legs and timers that are left once all that has ended is forgotten. */
  const left = async (): Promise<number[]> => {
    await vi.advanceTimersByTimeAsync(64_000);
    return [agent.transactions.size, agent.size, vi.getTimerCount()];
  };
  return { trunk: first, place, dial, heard, agreed, ends, agent, left };
}
