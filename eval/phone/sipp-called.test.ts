import { afterEach, expect, test } from 'vitest';
import type { Telephone } from '../../server/transport/telephone/telephone.ts';
import { openPlacingTelephone, placeCall } from './placed-calls.ts';
import { serveSipp } from './sipp.ts';

const faults: unknown[] = [];
let telephone: Telephone | undefined;
afterEach(async () => {
  await telephone?.close();
  telephone = undefined;
  if (faults.length > 0) throw new Error('The telephone had a fault.', { cause: faults[0] });
});

async function callSipp(scenario: string, more: { calls?: number; transport?: 'UDP' | 'TCP'; response?: string } = {}) {
  const { calls = 1, transport = 'UDP', response } = more;
  const args = ['-m', String(calls), '-t', transport === 'TCP' ? 't1' : 'u1'];
  const { port, done } = await serveSipp({ scenario, args, ...(response === undefined ? {} : { response }) });
  telephone = await openPlacingTelephone(port, { transport, onFault: (error) => faults.push(error) });
  return { telephone, done };
}

test.each([
  ['uas', 'UDP'],
  ['uas', 'TCP'],
  ['uas-challenge.xml', 'UDP'],
] as const)('sipp’s %s over %s picks up, and hears us hang up', async (scenario, transport) => {
  const { telephone: caller, done } = await callSipp(scenario, { calls: 20, transport });
  const placed = Array.from({ length: 20 }, () => placeCall(caller, (leg) => ({ answered: () => leg.hangUp() })));
  const ends = await Promise.all(placed);
  await done;
  expect(ends.map(({ cause }) => cause)).toEqual(Array(20).fill('hung-up'));
});

test.each(['uas-redirect.xml', 'uas-early.xml', 'uas-reliable.xml'])(
  '%s ends with a call that we hang up',
  async (scenario) => {
    const { telephone: caller, done } = await callSipp(scenario);
    const heard: string[] = [];
    const end = await placeCall(caller, (leg) => ({
      ringing: (status, early) => void heard.push(`${status}${early ? ' with sound' : ''}`),
      media: () => void heard.push('media'),
      answered: () => {
        heard.push('answered');
        leg.hangUp();
      },
    }));
    await done;
    expect(end.cause).toBe('hung-up');
    expect(heard.at(-1)).toBe('answered');
    expect(heard.includes('183 with sound')).toBe(scenario !== 'uas-redirect.xml');
  },
);

test('a trunk that is out of service says for how long, and that is what we are told', async () => {
  const response = '503 Service Unavailable\n    Retry-After: 7';
  const { telephone: caller, done } = await callSipp('uas-refuse.xml', { response });
  expect(await placeCall(caller, () => ({}))).toMatchObject({ cause: 'failed', status: 503, retryAfterS: 7 });
  await done;
});

test.each([
  ['482 Loop Detected', 'failed'],
  ['483 Too Many Hops', 'failed'],
  ['486 Busy Here', 'busy'],
  ['603 Decline', 'rejected'],
])('%s is the end of the call: %s', async (response, cause) => {
  const { telephone: caller, done } = await callSipp('uas-refuse.xml', { response });
  expect(await placeCall(caller, () => ({}))).toMatchObject({ cause, status: Number(response.slice(0, 3)) });
  await done;
});

test('who picks up in the moment in which we give up is hung up on', async () => {
  const { telephone: caller, done } = await callSipp('uas-crossing.xml');
  const end = await placeCall(caller, (leg) => ({ ringing: () => leg.hangUp() }));
  await done;
  expect(end.cause).toBe('cancelled');
});

test('the other side refreshes the session, and hangs up', async () => {
  const { telephone: caller, done } = await callSipp('uas-refresh.xml');
  expect((await placeCall(caller, () => ({}))).cause).toBe('remote-hang-up');
  await done;
});

test('a registrar is logged in at, and told again before it forgets', async () => {
  const { port, done } = await serveSipp({ scenario: 'registrar.xml', args: ['-m', '1'] });
  telephone = await openPlacingTelephone(port, { register: true, onFault: (error) => faults.push(error) });
  await done;
  expect(telephone.trunks).toEqual([{ name: 'sipp', state: 'unknown', registered: true }]);
});
