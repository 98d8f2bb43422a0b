import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import {
  NewWebhookEndpoint,
  SecretRotation,
  WebhookDeliveryStatus,
  WebhookEndpointChange,
  WebhookReplay,
} from '../../contract/webhook-endpoint.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import { endpointTrouble } from '../webhooks/outbound/destination.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';
import { refuseInner } from './public-url.ts';

const maxRequestBytes = 8_192;
const hourMs = 3_600_000;

const LogQuery = v.object({
  status: v.optional(WebhookDeliveryStatus),
  limit: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(200)), '50'),
});

/** Where an owner's own systems are told what happens. */
export const outboundWebhookRoutes = new Hono<{ Bindings: Env }>();

outboundWebhookRoutes.use('/v1/businesses/:business/webhook-endpoints/*', requireKey('STAFF_KEY'));

const all = '/v1/businesses/:business/webhook-endpoints';
const one = `${all}/:id`;
const deskOf = (c: Context<{ Bindings: Env }>) => businessOf(c, param(c, 'business')).outboundWebhooks();

outboundWebhookRoutes.get(all, async (c) => {
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.list()));
});

outboundWebhookRoutes.post(all, async (c) => {
  const endpoint = await readBody(c, NewWebhookEndpoint, maxRequestBytes);
  refuseInner(endpointTrouble(endpoint.url, settingsOf(c.env)), 'url');
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.create(endpoint)), 201);
});

outboundWebhookRoutes.get(one, async (c) => {
  const id = param(c, 'id');
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.get(id)));
});

outboundWebhookRoutes.patch(one, async (c) => {
  const id = param(c, 'id');
  const change = await readBody(c, WebhookEndpointChange, maxRequestBytes);
  if (change.url !== undefined) refuseInner(endpointTrouble(change.url, settingsOf(c.env)), 'url');
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.change(id, change)));
});

outboundWebhookRoutes.delete(one, async (c) => {
  const id = param(c, 'id');
  using desk = await deskOf(c);
  valueOf(await desk.remove(id));
  return c.body(null, 204);
});

outboundWebhookRoutes.post(`${one}/test`, async (c) => {
  const id = param(c, 'id');
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.test(id)), 202);
});

outboundWebhookRoutes.post(`${one}/rotate`, async (c) => {
  const id = param(c, 'id');
  const { overlapHours } = await readBody(c, SecretRotation, maxRequestBytes);
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.rotate(id, overlapHours * hourMs)));
});

outboundWebhookRoutes.get(`${one}/deliveries`, async (c) => {
  const id = param(c, 'id');
  const { status = null, limit } = check(LogQuery, c.req.query());
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.log(id, { status, limit })));
});

outboundWebhookRoutes.post(`${one}/deliveries/:delivery/replay`, async (c) => {
  const [id, delivery] = [param(c, 'id'), param(c, 'delivery')];
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.replay(id, delivery)), 202);
});

outboundWebhookRoutes.post(`${one}/replay`, async (c) => {
  const id = param(c, 'id');
  const since = await readBody(c, WebhookReplay, maxRequestBytes);
  using desk = await deskOf(c);
  return c.json(valueOf(await desk.replaySince(id, since)), 202);
});
