import { Hono } from 'hono';
import * as v from 'valibot';
import { Delivery } from '../../contract/call-record.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { check } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

const maxListed = 500;

const Query = v.object({
  status: v.optional(Delivery.entries.status),
  destination: v.optional(v.pipe(v.string(), v.maxLength(40))),
  limit: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(maxListed)), '50'),
});

/** What went to the owner's systems, and what did not. */
export const deliveryRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

deliveryRoutes.get('/v1/businesses/:business/deliveries', staffOnly, async (c) => {
  const { status = null, destination = null, limit } = check(Query, c.req.query());
  using desk = await businessOf(c, param(c, 'business')).deliveryDesk();
  return c.json(valueOf(await desk.list({ status, destination, limit })));
});

deliveryRoutes.get('/v1/businesses/:business/deliveries/:id', staffOnly, async (c) => {
  const id = param(c, 'id');
  using desk = await businessOf(c, param(c, 'business')).deliveryDesk();
  return c.json(valueOf(await desk.detail(id)));
});

deliveryRoutes.post('/v1/businesses/:business/deliveries/:id/replay', staffOnly, async (c) => {
  const id = param(c, 'id');
  using desk = await businessOf(c, param(c, 'business')).deliveryDesk();
  return c.json(valueOf(await desk.replay(id)), 202);
});
