import { Hono } from 'hono';
import * as v from 'valibot';
import { PersonQuery, WebhookSecret, WebhookSource } from '../../contract/webhook.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import { salesforceAck } from '../webhooks/read-salesforce.ts';
import { requireKey } from './auth.ts';
import { check, readBody, readBytes } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

/** HubSpot's batches of a hundred are the largest that come. */
const maxWebhookBytes = 1_000_000;
const maxRequestBytes = 4_096;

/** What a signature may stand in, or be made of. */
const signedHeaders = [
  'authorization',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-cal-signature-256',
  'x-hubspot-request-timestamp',
  'x-hubspot-signature',
  'x-hubspot-signature-v3',
  'x-hubspot-signature-version',
];

/** What other systems tell us. Who they are is proven by the webhook itself. */
export const webhookRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');
const sourceOf = (text: string | undefined): WebhookSource =>
  check(v.object({ source: WebhookSource }), { source: text }).source;

webhookRoutes.post('/v1/webhooks/:business/:source', async (c) => {
  const source = sourceOf(c.req.param('source'));
  const headers = signedHeaders.flatMap((name): [string, string][] => {
    const value = c.req.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  const body = await readBytes(c.req.raw, maxWebhookBytes);
  const { pathname, search } = new URL(c.req.url);
  // HubSpot signs the address that it knows: a proxy before this Worker may have changed scheme and host.
  const url = settingsOf(c.env).PUBLIC_URL + pathname + search;
  const received = { method: c.req.method, url, headers, body };
  valueOf(await businessOf(c, param(c, 'business')).webhooks().receive(source, received));
  return source === 'salesforce' ? c.body(salesforceAck, 200, { 'Content-Type': 'text/xml' }) : c.body(null, 204);
});

webhookRoutes.get('/v1/businesses/:business/webhook-sources', staffOnly, async (c) =>
  c.json({ sources: valueOf(await businessOf(c, param(c, 'business')).webhooks().sources()) }),
);

webhookRoutes.put('/v1/businesses/:business/webhook-sources/:source', staffOnly, async (c) => {
  const source = sourceOf(c.req.param('source'));
  const { secret } = await readBody(c, WebhookSecret, maxRequestBytes);
  return c.json({ sources: valueOf(await businessOf(c, param(c, 'business')).webhooks().setSource(source, secret)) });
});

webhookRoutes.delete('/v1/businesses/:business/webhook-sources/:source', staffOnly, async (c) => {
  const source = sourceOf(c.req.param('source'));
  valueOf(await businessOf(c, param(c, 'business')).webhooks().removeSource(source));
  return c.body(null, 204);
});

webhookRoutes.get('/v1/businesses/:business/webhook-inbox', staffOnly, async (c) =>
  c.json(valueOf(await businessOf(c, param(c, 'business')).webhooks().inbox())),
);

webhookRoutes.get('/v1/businesses/:business/webhook-inbox/:id', staffOnly, async (c) =>
  c.json(valueOf(await businessOf(c, param(c, 'business')).webhooks().inboxWebhook(param(c, 'id')))),
);

webhookRoutes.post('/v1/businesses/:business/webhook-inbox/:id/replay', staffOnly, async (c) =>
  c.json(valueOf(await businessOf(c, param(c, 'business')).webhooks().reapply(param(c, 'id')))),
);

webhookRoutes.post('/v1/node/people/find', requireKey('NODE_KEY'), async (c) => {
  const { business, phone } = await readBody(c, PersonQuery, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, business).webhooks().findPerson(phone)));
});
