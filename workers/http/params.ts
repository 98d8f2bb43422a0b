import type { Context } from 'hono';
import * as v from 'valibot';
import { BundleHash, Slug, Uuid } from '../../contract/primitives.ts';
import type { Business } from '../business/business.ts';
import type { Env } from '../env.ts';
import { check } from './body.ts';

const Params = { business: Slug, callId: Uuid, id: Uuid, delivery: Uuid, hash: BundleHash, calendar: Slug };

/** A checked part of the path. */
export function param(c: Context, name: keyof typeof Params): string {
  return check(v.object({ [name]: Params[name] }), { [name]: c.req.param(name) })[name] ?? '';
}

/** The Durable Object of a business whose id has been checked. */
export function businessOf(c: Context<{ Bindings: Env }>, business: string): DurableObjectStub<Business> {
  return c.env.BUSINESS.getByName(business);
}
