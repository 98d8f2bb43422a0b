import type { CallLimits, Permit } from './auth/call-limits.ts';
import { mayDial } from './auth/dial-plan.ts';
import { DigestClient } from './auth/digest-client.ts';
import type { Trunk } from './auth/trunk.ts';
import type { MediaPlace } from './dialog/media-agreement.ts';
import type { OutboundEnd } from './dialog/outbound-end.ts';
import type { OutboundLeg } from './dialog/outbound-leg.ts';
import type { UserAgent } from './dialog/user-agent.ts';
import type { SipHeader } from './message/sip-message.ts';
import { parseSipUri, writeSipUri } from './message/uri.ts';
import type { Network } from './transport/network.ts';

export interface CallOut {
  /** Its name in the configuration. */
  readonly trunk: string;
  /** On whose behalf: the calls of each business are limited. */
  readonly business: string;
  /** A number or extension that the trunk may dial, or a `sip:` URI of such a one at the trunk. */
  readonly to: string;
  /** Who calls, as the other side sees it. Default: the trunk's caller id. */
  readonly from?: string | undefined;
  readonly headers?: readonly SipHeader[];
  /** Where the other side's audio is to go. */
  readonly media: MediaPlace;
  /** Nobody has picked up after so long: given up. Default 45,000. */
  readonly ringMs?: number;
  /** For an attended transfer: the dialog that this call takes over, as a `Replaces` header has it (RFC 3891). */
  readonly replaces?: string;
}

export interface DiallerOptions {
  readonly trunks: readonly Trunk[];
  readonly limits: CallLimits;
  readonly agent: Pick<UserAgent, 'call'>;
  readonly network: Pick<Network, 'waysTo'>;
  readonly newCnonce: () => string;
}

const usualRingMs = 45_000;

/**
 * Places calls: only through a configured trunk, only to what its dial plan allows, only within the limits. Our own
 * program calls it; no request from the network does.
 */
export class Dialler {
  readonly #options: DiallerOptions;

  constructor(options: DiallerOptions) {
    this.#options = options;
  }

  /** Never throws: what may not be dialled ends as `not-allowed`, without a packet. Listen to the leg at once. */
  call(out: CallOut): OutboundLeg {
    const { trunks, agent, limits, network, newCnonce } = this.#options;
    const trunk = trunks.find(({ name }) => name === out.trunk);
    const uri = trunk && targetUri(out.to, trunk);
    const permit = uri === undefined ? undefined : limits.take(trunk ?? { name: out.trunk }, out.business);
    const caller = out.from ?? trunk?.callerId ?? trunk?.account?.username ?? 'anonymous';
    return agent.call({
      trunk: out.trunk,
      call: {
        uri: uri ?? 'sip:nobody@invalid',
        from: writeSipUri(caller, trunk?.address?.host ?? 'invalid', undefined),
        headers: [...(out.headers ?? []), ...replacing(out.replaces)],
        media: out.media,
        ringMs: out.ringMs ?? usualRingMs,
      },
      digest: new DigestClient(trunk?.account, newCnonce),
      refusal: refusalOf(whyNot(trunk, uri), permit),
      ways: () => (trunk?.address ? network.waysTo(trunk.address) : Promise.resolve([])),
      redirect: (target) => trunk && targetUri(target, trunk),
      onClosed: () => {
        if (permit?.granted) permit.release();
      },
    });
  }
}

/** Whether a trunk takes our calls to a number, an extension or a `sip:` URI. Its limits may still be reached. */
export function mayCall(trunk: Trunk, to: string): boolean {
  return targetUri(to, trunk) !== undefined;
}

/** What to put into the request; undefined where the trunk may not dial it. */
function targetUri(to: string, trunk: Trunk): string | undefined {
  const { address, dial = [] } = trunk;
  if (!address) return undefined;
  const uri = parseSipUri(to);
  if (uri && (uri.host !== address.host || (uri.port ?? address.port) !== address.port)) return undefined;
  // As people write numbers.
  const user = uri ? uri.user : to.replace(/[\s().-]/g, '');
  if (!/^[A-Za-z0-9+*#._-]{1,64}$/.test(user) || !mayDial(user, dial)) return undefined;
  return writeSipUri(user, address.host, address.port);
}

function refusalOf(fault: string | undefined, permit: Permit | undefined): OutboundEnd | undefined {
  if (fault !== undefined) return { cause: 'not-allowed', why: fault };
  if (permit?.granted !== false) return undefined;
  return { cause: 'not-allowed', why: permit.why, retryAfterS: permit.retryAfterS };
}

function whyNot(trunk: Trunk | undefined, uri: string | undefined): string | undefined {
  if (!trunk) return 'there is no such trunk';
  if (!trunk.address) return 'the trunk has no address to send calls to';
  return uri === undefined ? "the trunk's dial plan does not allow it" : undefined;
}

function replacing(dialog: string | undefined): SipHeader[] {
  if (dialog === undefined) return [];
  return [
    { name: 'replaces', value: dialog },
    { name: 'require', value: 'replaces' },
  ];
}
