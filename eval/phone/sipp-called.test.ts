import { afterEach, expect, test } from 'vitest';
import type { OutboundEnd } from '../../server/transport/telephone/dialog/outbound-end.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';
import { serveSipp } from './sipp.ts';

const faults: unknown[] = [];
let telephone: Telephone | undefined;
afterEach(async () => {
  await telephone?.close();
  if (faults.length > 0) throw new Error('The telephone had a fault.', { cause: faults[0] });
});

/** Calls a trunk on the loopback so many times, hanging up as soon as it is answered. Resolves with how each ended. */
async function dial(port: number, calls: number, transport: 'UDP' | 'TCP' = 'UDP'): Promise<OutboundEnd[]> {
  const opened = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    announcedAddress: '127.0.0.1',
    trunks: [
      {
        name: 'sipp',
        addresses: ['127.0.0.1'],
        address: { host: '127.0.0.1', port, transport },
        account: { username: 'parley', password: 'secret of the trunk' },
        dial: ['2XX'],
        keepAlive: false,
      },
    ],
    limits: { perBusiness: 100, perBusinessADay: 10_000 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: (error) => faults.push(error),
    onCall: (leg) => leg.refuse(403),
  });
  telephone = opened;
  const media = { address: '127.0.0.1', port: 40_000, sessionId: '1' };
  const ends = Array.from({ length: calls }, () => {
    const { promise, resolve } = Promise.withResolvers<OutboundEnd>();
    const leg = opened.call({ trunk: 'sipp', business: 'ridgeline', to: '200', media });
    const nothing = (): void => undefined;
    leg.listen({ ringing: nothing, media: nothing, answered: () => leg.hangUp(), keyPressed: nothing, ended: resolve });
    return promise;
  });
  return Promise.all(ends);
}

test.each([
  ['uas', 'UDP'],
  ['uas', 'TCP'],
  ['uas-challenge.xml', 'UDP'],
] as const)('sipp’s %s over %s picks up, and hears us hang up', async (scenario, transport) => {
  const { port, done } = await serveSipp({ scenario, args: ['-m', '20', '-t', transport === 'TCP' ? 't1' : 'u1'] });
  const ends = await dial(port, 20, transport);
  await done;
  expect(ends.map(({ cause }) => cause)).toEqual(Array(20).fill('hung-up'));
});
