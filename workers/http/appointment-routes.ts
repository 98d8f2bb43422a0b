import { Hono } from 'hono';
import * as v from 'valibot';
import { EpochMs } from '../../contract/primitives.ts';
import { StaffBooking, StaffMove } from '../../contract/staff-appointment.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

const maxBodyBytes = 32_768;

const FromMs = v.pipe(v.string(), v.digits(), v.transform(Number), EpochMs);

/** Staff's side of the calendar. */
export const appointmentRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

appointmentRoutes.get('/v1/businesses/:business/appointments', staffOnly, async (c) => {
  const text = c.req.query('fromMs');
  const fromMs = text === undefined ? 0 : check(FromMs, text);
  using desk = await businessOf(c, param(c, 'business')).appointmentDesk();
  return c.json(valueOf(await desk.list(fromMs)));
});

appointmentRoutes.post('/v1/businesses/:business/appointments', staffOnly, async (c) => {
  const request = await readBody(c, StaffBooking, maxBodyBytes);
  using desk = await businessOf(c, param(c, 'business')).appointmentDesk();
  return c.json(valueOf(await desk.bookForStaff(request)), 201);
});

appointmentRoutes.post('/v1/businesses/:business/appointments/:id/move', staffOnly, async (c) => {
  const id = param(c, 'id');
  const request = await readBody(c, StaffMove, maxBodyBytes);
  using desk = await businessOf(c, param(c, 'business')).appointmentDesk();
  return c.json(valueOf(await desk.moveForStaff(id, request)));
});

appointmentRoutes.post('/v1/businesses/:business/appointments/:id/cancel', staffOnly, async (c) => {
  const id = param(c, 'id');
  using desk = await businessOf(c, param(c, 'business')).appointmentDesk();
  return c.json(valueOf(await desk.cancelForStaff(id)));
});
