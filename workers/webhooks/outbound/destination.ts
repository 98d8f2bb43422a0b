import type { Settings } from '../../settings.ts';
import { lookUpTrouble } from '../../address/look-up.ts';
import { urlTrouble, type Trouble } from '../../address/public-address.ts';

type AddressSettings = Pick<Settings, 'WEBHOOK_LOOPBACK' | 'DNS_RESOLVER_URL'>;

/** Whether an address may be an endpoint's, as it is written. */
export const endpointTrouble = (url: string, settings: AddressSettings): Trouble =>
  urlTrouble(url, { loopback: settings.WEBHOOK_LOOPBACK === 'allowed' });

/** The same of the CRM webhook. In development it may be anywhere: the sample's CRM is wherever the sample is. */
export const crmWebhookTrouble = (url: string, settings: AddressSettings): Trouble =>
  settings.WEBHOOK_LOOPBACK === 'allowed' ? null : urlTrouble(url, { loopback: false });

/** Where the name of a checked address leads, if there is somebody to ask. */
export const nameTrouble = async (url: string, { DNS_RESOLVER_URL }: AddressSettings): Promise<Trouble> =>
  DNS_RESOLVER_URL === undefined ? null : lookUpTrouble(url, DNS_RESOLVER_URL);
