import { afterEach, expect, test, vi } from 'vitest';
import type { InboundLeg, LegEnd } from '../../server/transport/telephone/dialog/inbound-leg.ts';
import type { ReferOutcome } from '../../server/transport/telephone/dialog/own-refer.ts';
import { PortPool } from '../../server/transport/telephone/rtp/port-range.ts';
import { RtpLeg } from '../../server/transport/telephone/rtp/rtp-leg.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';
import { runSipp } from './sipp.ts';

const closing: (() => unknown)[] = [];
const faults: unknown[] = [];
const onFault = (error: unknown): void => void faults.push(error);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  if (faults.length > 0) throw new Error('The telephone had a fault.', { cause: faults[0] });
});

interface Desk {
  readonly confirmed?: (leg: InboundLeg) => unknown;
  readonly keyPressed?: (key: string, leg: InboundLeg) => unknown;
  /** Default: free. */
  readonly vacancy?: 'busy' | 'draining';
}

/** A line with its audio, which is picked up. */
async function openLine(desk: Desk) {
  const ends: LegEnd[] = [];
  const keys: string[] = [];
  const legs: InboundLeg[] = [];
  const keyPressed = (key: string): void => {
    keys.push(key);
    const [leg] = legs;
    if (leg) desk.keyPressed?.(key, leg);
  };
  const now = Date.now;
  const audio = await RtpLeg.open({
    host: '127.0.0.1',
    ports: new PortPool({ from: 41_000 + 40 * (process.pid % 50), to: 41_039 + 40 * (process.pid % 50) }),
    now,
    onFault,
    listener: { audio: () => undefined, keyPressed },
  });
  if (!audio) throw new Error('No RTP port is free.');
  closing.push(() => audio.close());
  const telephone = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    announcedAddress: '127.0.0.1',
    trunks: [{ name: 'loopback', addresses: ['127.0.0.1'] }],
    limits: { perBusiness: 1, perBusinessADay: 1 },
    now,
    vacancy: () => desk.vacancy ?? 'free',
    onFault,
    onCall: (leg) => {
      legs.push(leg);
      leg.listen({
        media: (agreed) => audio.agree(agreed),
        confirmed: () => desk.confirmed?.(leg),
        keyPressed,
        ended: (end) => void ends.push(end),
      });
      leg.ring();
      leg.answer({ address: '127.0.0.1', port: audio.port, sessionId: '1' });
    },
  });
  closing.push(() => telephone.close());
  return { port: telephone.port, ends, keys, legs };
}

/** Runs a scenario that calls us once. */
async function called(scenario: string, desk: Desk = {}) {
  const { port, ends, keys, legs } = await openLine(desk);
  await runSipp({ scenario, port, service: '700', args: ['-m', '1'] });
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  return { calls: legs.length, ends, keys };
}

test('a caller whose telephone takes a transfer on is passed on; what it asks of us itself is declined', async () => {
  const progress: string[] = [];
  let outcome: ReferOutcome | undefined;
  const { ends } = await called('refer.xml', {
    confirmed: async (leg) => {
      outcome = await leg.refer('sip:201@127.0.0.1', (step) => progress.push(step));
      leg.hangUp();
    },
  });
  expect([progress, outcome, ends]).toEqual([['accepted', 'ringing'], { outcome: 'answered' }, ['hung-up']]);
});

test('a caller whose transfer finds the other one busy stays ours', async () => {
  let outcome: ReferOutcome | undefined;
  const { ends } = await called('refer-busy.xml', {
    confirmed: async (leg) => void (outcome = await leg.refer('sip:201@127.0.0.1')),
  });
  expect([outcome, ends]).toEqual([{ outcome: 'failed', status: 486 }, ['caller-hang-up']]);
});

test('a second telephone that takes the call over is the same call', async () => {
  expect(await called('replaces.xml')).toMatchObject({ calls: 1, ends: ['caller-hang-up'] });
});

test('keys arrive by INFO, of both kinds, and by RFC 4733; ours are pressed by INFO', async () => {
  const { keys, ends } = await called('keys.xml', { keyPressed: (key, leg) => key === '7' && leg.pressKey('9') });
  expect([keys, ends]).toEqual([['5', '#', '7'], ['caller-hang-up']]);
});

test('too short a session is 422, at the beginning and later; the caller refreshes the one that was agreed', async () => {
  expect(await called('session-timer.xml')).toMatchObject({ calls: 1, ends: ['caller-hang-up'] });
});

test.each([
  ['all lines are busy', '486', { vacancy: 'busy' }],
  ['the node stops', '503', { vacancy: 'draining' }],
  ['there is no codec in common', '488', {}],
] as const)('when %s a call is refused with %s', async (_, response, desk) => {
  const { port } = await openLine(desk);
  const refused = runSipp({ scenario: 'refused.xml', response, port, service: '700', args: ['-m', '1'] });
  await expect(refused).resolves.toBeUndefined();
});

test('the same INVITE by two ways rings once, and a call at its last hop is a call', async () => {
  expect(await called('merged.xml')).toMatchObject({ calls: 1, ends: ['caller-hang-up'] });
});
