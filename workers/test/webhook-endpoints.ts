import * as v from 'valibot';
import {
  WebhookDeliveryList,
  WebhookEndpoint,
  WebhookEndpointSecret,
  type WebhookDelivery,
} from '../../contract/webhook-endpoint.ts';
import { asStaff, request } from './control-plane.ts';

/** Staff's requests about one business's webhook endpoints. */
export function endpointsOf(business: string) {
  const path = `/v1/businesses/${business}/webhook-endpoints`;
  const ask = (method: string, below: string, body?: unknown): Promise<Response> =>
    request(method, `${path}${below}`, { headers: asStaff, ...(body === undefined ? {} : { body }) });
  return {
    ask,
    async add(url: string, events: string[] = ['*']): Promise<WebhookEndpointSecret> {
      return v.parse(WebhookEndpointSecret, await (await ask('POST', '', { url, events })).json());
    },
    async get(id: string): Promise<WebhookEndpoint> {
      return v.parse(WebhookEndpoint, await (await ask('GET', `/${id}`)).json());
    },
    async rotate(id: string, overlapHours: number): Promise<WebhookEndpointSecret> {
      return v.parse(WebhookEndpointSecret, await (await ask('POST', `/${id}/rotate`, { overlapHours })).json());
    },
    async log(id: string): Promise<WebhookDelivery[]> {
      return v.parse(WebhookDeliveryList, await (await ask('GET', `/${id}/deliveries`)).json()).deliveries;
    },
  };
}
