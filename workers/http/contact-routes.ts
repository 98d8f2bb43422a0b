import { Hono } from 'hono';
import * as v from 'valibot';
import { CallFilter } from '../../contract/call-filter.ts';
import { ProjectionRequest } from '../../contract/projection-check.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { cursorOf } from './cursor.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

const maxRequestBytes = 1_024;

const ContactFilter = v.pick(CallFilter, ['search']);

/** Who called, and whether what is kept of it is what the events say. */
export const contactRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

contactRoutes.get('/v1/businesses/:business/contacts', staffOnly, async (c) => {
  const { search } = check(ContactFilter, c.req.query());
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.contacts(cursorOf(c), search)));
});

contactRoutes.get('/v1/businesses/:business/contacts/:id', staffOnly, async (c) => {
  const id = param(c, 'id');
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.contact(id)));
});

contactRoutes.get('/v1/businesses/:business/companies', staffOnly, async (c) => {
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.companies()));
});

contactRoutes.post('/v1/businesses/:business/projections', staffOnly, async (c) => {
  const request = await readBody(c, ProjectionRequest, maxRequestBytes);
  using people = await businessOf(c, param(c, 'business')).people();
  return c.json(valueOf(await people.projections(request)));
});
