import { Hono } from 'hono';
import { NodeReport } from '../../contract/fleet.ts';
import type { Env } from '../env.ts';
import { fleetOf } from '../fleet/fleet-of.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { FaultError } from './problem.ts';

/** 500 playbooks and 2,000 businesses. */
const maxReportBytes = 200_000;

/** What media nodes tell of themselves, and what an operator asks about them. */
export const fleetRoutes = new Hono<{ Bindings: Env }>();

fleetRoutes.post('/v1/node/fleet', requireKey('NODE_KEY'), async (c) => {
  const report = await readBody(c, NodeReport, maxReportBytes);
  return c.json(await fleetOf(c.env).report(report));
});

fleetRoutes.get('/v1/fleet', requireKey('STAFF_KEY'), async (c) => c.json(await fleetOf(c.env).list()));

fleetRoutes.post('/v1/fleet/nodes/:name/drain', requireKey('STAFF_KEY'), async (c) => {
  const name = check(NodeReport.entries.name, c.req.param('name'));
  if (await fleetOf(c.env).drain(name)) return c.json({ name, state: 'draining' }, 202);
  throw new FaultError({
    status: 404,
    code: 'not-found',
    message: `No media node is called '${name}'.`,
    action: 'Take the name from GET /v1/fleet.',
  });
});
