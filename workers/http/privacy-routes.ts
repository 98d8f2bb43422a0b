import { Hono } from 'hono';
import { ErasureRequest, PersonRequest, RetentionRules } from '../../contract/privacy.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { readBody } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

const maxRequestBytes = 4_096;

/** What becomes of people's data. Whom a request is about is in its body: addresses are logged. */
export const privacyRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

privacyRoutes.post('/v1/businesses/:business/people/export', staffOnly, async (c) => {
  const request = await readBody(c, PersonRequest, maxRequestBytes);
  using people = await businessOf(c, param(c, 'business')).people();
  c.header('Cache-Control', 'no-store');
  return c.json(valueOf(await people.export(request)));
});

/** 200 once all is done, 202 while something is left: the same request again, or GET …/removals/:id, says how far it is. */
privacyRoutes.post('/v1/businesses/:business/people/erase', staffOnly, async (c) => {
  const request = await readBody(c, ErasureRequest, maxRequestBytes);
  using people = await businessOf(c, param(c, 'business')).people();
  const removal = valueOf(await people.erase(request));
  return c.json(removal, removal.status === 'done' ? 200 : 202);
});

/** Wakes the business too, so that it takes the present master key. */
privacyRoutes.get('/v1/businesses/:business/key', staffOnly, async (c) => {
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.masterKey()));
});

privacyRoutes.get('/v1/businesses/:business/retention', staffOnly, async (c) => {
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.retention()));
});

privacyRoutes.put('/v1/businesses/:business/retention', staffOnly, async (c) => {
  const rules = await readBody(c, RetentionRules, maxRequestBytes);
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.setRetention(rules)));
});

privacyRoutes.post('/v1/businesses/:business/retention/preview', staffOnly, async (c) => {
  const rules = await readBody(c, RetentionRules, maxRequestBytes);
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.previewRetention(rules)));
});

privacyRoutes.get('/v1/businesses/:business/removals', staffOnly, async (c) => {
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.removals()));
});

privacyRoutes.get('/v1/businesses/:business/removals/:id', staffOnly, async (c) => {
  const id = param(c, 'id');
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.removal(id)));
});
