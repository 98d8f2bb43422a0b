import type { Context } from 'hono';
import * as v from 'valibot';
import { Region } from '../../contract/fleet.ts';

/** The continent that a request comes from, where Cloudflare says so. */
export function regionOf(c: Context): Region | undefined {
  const continent = c.req.raw.cf?.['continent'];
  const region = v.safeParse(Region, typeof continent === 'string' ? continent.toLowerCase() : undefined);
  return region.success ? region.output : undefined;
}
