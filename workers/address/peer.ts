import type { CalendarSettings } from '../calendars/settings.ts';
import type { MailSettings } from '../mail/settings.ts';
import type { Settings } from '../settings.ts';
import { lookUpTrouble } from './look-up.ts';
import { privateUrlTrouble, urlTrouble, type Trouble } from './public-address.ts';

export type PeerAddresses = Pick<Settings, 'PRIVATE_ADDRESSES' | 'DNS_RESOLVER_URL'>;

const howTo =
  'A server inside a network needs PRIVATE_ADDRESSES = "allowed" in the settings of the control plane: docs/security.md.';

/**
 * Why an owner's calendar or mail server may not be spoken to; null where it may. For before it is kept and before each use: where a name
 * leads can change.
 */
export async function peerTrouble(peer: CalendarSettings | MailSettings, settings: PeerAddresses): Promise<Trouble> {
  const url = urlOf(peer);
  if (url === null) return null;
  if (settings.PRIVATE_ADDRESSES === 'allowed') return privateUrlTrouble(url);
  const { DNS_RESOLVER_URL } = settings;
  const trouble =
    urlTrouble(url, { loopback: false }) ??
    (DNS_RESOLVER_URL === undefined ? null : await lookUpTrouble(url, DNS_RESOLVER_URL));
  return trouble === null ? null : `${trouble} ${howTo}`;
}

/** Where an owner says that it is; null for vendors whose addresses are our own. */
function urlOf(peer: CalendarSettings | MailSettings): string | null {
  if ('kind' in peer) return peer.kind === 'google' ? null : peer.url;
  if (peer.provider !== 'smtp') return null;
  // Only the host counts. An IPv6 address stands in brackets there.
  return `https://${peer.host.includes(':') ? `[${peer.host}]` : peer.host}:${peer.port}/`;
}
