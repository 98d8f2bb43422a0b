import { Hono } from 'hono';
import { unknownAppointment } from '../business/faults.ts';
import type { Env } from '../env.ts';
import { writeInvitation } from '../scheduling/invitation.ts';
import { sameSecret } from '../session/digest.ts';
import { check } from './body.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';
import { Uuid } from '../../contract/primitives.ts';

/** Invitations, for whoever has the link. */
export const calendarRoutes = new Hono<{ Bindings: Env }>();

calendarRoutes.get('/v1/appointments/:business/:file{.+\\.ics}', async (c) => {
  const id = check(Uuid, c.req.param('file').replace(/\.ics$/, ''));
  const { key, invitation } = valueOf(await businessOf(c, param(c, 'business')).invitation(id));
  if (!(await sameSecret(c.req.query('key') ?? '', key))) throw new FaultError(unknownAppointment);
  return c.body(writeInvitation(invitation), 200, {
    'Content-Type': `text/calendar; charset=utf-8${invitation.status === 'cancelled' ? '; method=CANCEL' : ''}`,
    'Content-Disposition': `attachment; filename="appointment.ics"`,
    'Cache-Control': 'private, no-store',
    'Referrer-Policy': 'no-referrer',
  });
});
