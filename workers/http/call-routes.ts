import { Hono } from 'hono';
import * as v from 'valibot';
import { CallTarget } from '../../contract/call-target.ts';
import { CallOrder, CallOrderRequest, DoNotCallRequest } from '../../contract/outbound.ts';
import { Slug } from '../../contract/primitives.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { check, readBody, readText } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

const maxOrderBytes = 16_384;
/** Some 50,000 numbers. */
const maxListBytes = 1_000_000;

const IdempotencyKey = v.object({
  'Idempotency-Key': v.pipe(
    v.string('Send an Idempotency-Key of your own with each order, so that none is placed twice.'),
    v.regex(/^[\x21-\x7e]{1,200}$/, 'An Idempotency-Key is 1 to 200 visible characters.'),
  ),
});
const Of = v.object({ business: v.pipe(v.string('Say whose calls: ?business=…'), Slug) });
const Status = v.optional(CallOrder.entries.status);
const CountryCode = v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/, 'Write digits, as 44.')), '1');

/** Calls that staff have the agent place, and whom it must not call. */
export const callRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

callRoutes.post('/v1/calls', staffOnly, async (c) => {
  const key = check(IdempotencyKey, { 'Idempotency-Key': c.req.header('idempotency-key') })['Idempotency-Key'];
  const request = await readBody(c, CallOrderRequest, maxOrderBytes);
  using office = await businessOf(c, request.business).office();
  const { order, isNew } = valueOf(await office.order(request, key));
  return c.json(order, isNew ? 201 : 200);
});

callRoutes.get('/v1/calls/outbound', staffOnly, async (c) => {
  const { business } = check(Of, { business: c.req.query('business') });
  const status = check(Status, c.req.query('status'));
  using office = await businessOf(c, business).office();
  return c.json(valueOf(await office.orders(status)));
});

callRoutes.get('/v1/calls/outbound/:id', staffOnly, async (c) => {
  const { business } = check(Of, { business: c.req.query('business') });
  using office = await businessOf(c, business).office();
  return c.json(valueOf(await office.one(param(c, 'id'))));
});

callRoutes.post('/v1/calls/outbound/:id/cancel', staffOnly, async (c) => {
  const { business } = check(Of, { business: c.req.query('business') });
  using office = await businessOf(c, business).office();
  return c.json(valueOf(await office.cancel(param(c, 'id'))));
});

callRoutes.get('/v1/businesses/:business/do-not-call', staffOnly, async (c) => {
  using office = await businessOf(c, param(c, 'business')).office();
  return c.json(valueOf(await office.doNotCall(c.req.query('after') ?? '')));
});

callRoutes.post('/v1/businesses/:business/do-not-call', staffOnly, async (c) => {
  const entry = await readBody(c, DoNotCallRequest, maxOrderBytes);
  using office = await businessOf(c, param(c, 'business')).office();
  return c.json(valueOf(await office.addDoNotCall(entry)), 201);
});

callRoutes.post('/v1/businesses/:business/do-not-call/import', staffOnly, async (c) => {
  const countryCode = check(CountryCode, c.req.query('countryCode'));
  const csv = await readText(c.req.raw, maxListBytes);
  using office = await businessOf(c, param(c, 'business')).office();
  return c.json(valueOf(await office.importDoNotCall(csv, countryCode)));
});

callRoutes.delete('/v1/businesses/:business/do-not-call/:number', staffOnly, async (c) => {
  const { number } = check(v.object({ number: CallTarget }), { number: c.req.param('number') });
  using office = await businessOf(c, param(c, 'business')).office();
  valueOf(await office.removeDoNotCall(number));
  return c.body(null, 204);
});
