import { vi } from 'vitest';
import { Gatekeeper } from '../auth/gatekeeper.ts';
import { TrunkList } from '../auth/trunk.ts';
import type { InboundLeg, LegEnd } from '../dialog/inbound-leg.ts';
import { UserAgent } from '../dialog/user-agent.ts';
import { parseMessage } from '../message/parse-message.ts';
import type { Flow } from '../transport/flow.ts';
import { receiveParsed } from '../transport/incoming.ts';
import { oneWay } from './test-network.ts';

/** For tests on vitest's clock: a telephone that picks up whatever a network's calls bring, fed with bytes. */
export function openTelephone(network = '0.0.0.0/0') {
  const sent: string[] = [];
  const legs: InboundLeg[] = [];
  const ended: LegEnd[] = [];
  const media = { address: '192.0.2.1', port: 40_000, sessionId: '1' };
  let ids = 0;
  const agent = new UserAgent({
    local: () => ({ address: '192.0.2.1', port: 5_060 }),
    gatekeeper: new Gatekeeper(new TrunkList([{ name: 'everybody', addresses: [network] }]), Date.now),
    after: (delayMs, work) => {
      const timer = setTimeout(work, delayMs);
      return () => clearTimeout(timer);
    },
    newId: () => `id${(ids += 1)}`,
    random: () => 0.5,
    network: oneWay,
    vacancy: () => 'free',
    onCall: (leg) => {
      legs.push(leg);
      const nothing = (): void => undefined;
      leg.listen({ media: nothing, confirmed: nothing, keyPressed: nothing, ended: (cause) => ended.push(cause) });
      leg.ring();
      leg.answer(media);
    },
  });
  const flow: Flow = {
    transport: 'UDP',
    address: '192.0.2.15',
    port: 5_060,
    send: (bytes) => void sent.push(Buffer.from(bytes).toString('latin1')),
  };
  return {
    /** What was sent, whole. */
    sent,
    legs,
    ended,
    receive: (bytes: Uint8Array): void => receiveParsed(parseMessage(bytes), flow, agent.transactions),
    /** Of the first lines that were sent: the statuses of answers, the methods of requests. */
    said: (): string[] => sent.map((text) => /^(?:SIP\/2\.0 )?(\S+)/.exec(text)?.[1] ?? ''),
    /** Legs, transactions and timers that are left once nobody says anything for so long. */
    left: (waitMs = 130_000): number[] => {
      vi.advanceTimersByTime(waitMs);
      return [agent.size, agent.transactions.size, vi.getTimerCount()];
    },
  };
}
