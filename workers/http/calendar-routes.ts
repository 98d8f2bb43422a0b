import { Hono } from 'hono';
import * as v from 'valibot';
import { unknownAppointment, unknownFeed } from '../business/faults.ts';
import type { Env } from '../env.ts';
import { writeInvitation } from '../scheduling/invitation.ts';
import { sameSecret, sha256Hex } from '../session/digest.ts';
import { check } from './body.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';
import { Slug, Uuid } from '../../contract/primitives.ts';

/** Invitations and calendars, for whoever has the link. */
export const calendarRoutes = new Hono<{ Bindings: Env }>();

const FeedAddress = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}\.[0-9a-f]{48}\.ics$/, 'This is no address of a calendar.'),
  v.transform((file) => {
    const [business = '', secret = ''] = file.split('.');
    return { business, secret };
  }),
  v.object({ business: Slug, secret: v.string() }),
);

calendarRoutes.get('/v1/calendars/:file{.+\\.ics}', async (c) => {
  const address = v.safeParse(FeedAddress, c.req.param('file'));
  if (!address.success) throw new FaultError(unknownFeed);
  const { business, secret } = address.output;
  using desk = await businessOf(c, business).calendarDesk();
  const { ics } = valueOf(await desk.feed(secret));
  const etag = `"${(await sha256Hex(ics)).slice(0, 32)}"`;
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', 'Referrer-Policy': 'no-referrer' };
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag)) return c.body(null, 304, headers);
  return c.body(ics, 200, { ...headers, 'Content-Type': 'text/calendar; charset=utf-8' });
});

calendarRoutes.get('/v1/appointments/:business/:file{.+\\.ics}', async (c) => {
  const id = check(Uuid, c.req.param('file').replace(/\.ics$/, ''));
  const { key, invitation } = valueOf(await businessOf(c, param(c, 'business')).appointmentDesk().invitation(id));
  if (!(await sameSecret(c.req.query('key') ?? '', key))) throw new FaultError(unknownAppointment);
  return c.body(writeInvitation(invitation), 200, {
    'Content-Type': `text/calendar; charset=utf-8${invitation.status === 'cancelled' ? '; method=CANCEL' : ''}`,
    'Content-Disposition': `attachment; filename="appointment.ics"`,
    'Cache-Control': 'private, no-store',
    'Referrer-Policy': 'no-referrer',
  });
});
