import type { OutboundEnd } from '../../server/transport/telephone/dialog/outbound-end.ts';
import type { OutboundLeg } from '../../server/transport/telephone/dialog/outbound-leg.ts';
import type { OutboundListener } from '../../server/transport/telephone/dialog/outbound-options.ts';
import type { Trunk } from '../../server/transport/telephone/auth/trunk.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';

/** A telephone whose only trunk is a sipp on the loopback. */
export async function openPlacingTelephone(
  port: number,
  options: {
    readonly transport?: 'UDP' | 'TCP';
    readonly register?: boolean;
    readonly onFault: (error: unknown) => void;
  },
): Promise<Telephone> {
  const trunk: Trunk = {
    name: 'sipp',
    addresses: ['127.0.0.1'],
    address: { host: '127.0.0.1', port, transport: options.transport ?? 'UDP' },
    account: { username: 'parley', password: 'secret of the trunk' },
    dial: ['2XX'],
    keepAlive: false,
    register: options.register ?? false,
  };
  return await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    announcedAddress: '127.0.0.1',
    trunks: [trunk],
    limits: { perBusiness: 100, perBusinessADay: 10_000 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: options.onFault,
    onCall: (leg) => leg.refuse(403),
  });
}

/** Calls 200 there. What happens is heard by `listen`, and how it ends is the result. */
export async function placeCall(
  telephone: Telephone,
  listen: (leg: OutboundLeg) => Partial<OutboundListener>,
): Promise<OutboundEnd> {
  const { promise, resolve } = Promise.withResolvers<OutboundEnd>();
  const media = { address: '127.0.0.1', port: 40_000, sessionId: '1' };
  const leg = telephone.call({ trunk: 'sipp', business: 'ridgeline', to: '200', media });
  const nothing = (): void => undefined;
  const deaf = { ringing: nothing, media: nothing, answered: nothing, keyPressed: nothing };
  leg.listen({ ...deaf, ...listen(leg), ended: resolve });
  return await promise;
}
