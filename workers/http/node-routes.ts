import { Hono } from 'hono';
import { EventBatch } from '../../contract/call-event.ts';
import {
  AppointmentQuery,
  BookingRequest,
  ChangeRequest,
  HoldRequest,
  MoveRequest,
  SlotQuery,
} from '../../contract/scheduling.ts';
import type { Env } from '../env.ts';
import { requireKey } from './auth.ts';
import { check, parseJson, readBody, readText } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';

/** 200 events with long turns and their decisions. */
const maxEventBytes = 8_000_000;
const maxRequestBytes = 32_768;

/** What media nodes ask. */
export const nodeRoutes = new Hono<{ Bindings: Env }>();

nodeRoutes.use('/v1/node/*', requireKey('NODE_KEY'));

nodeRoutes.get('/v1/node/playbooks/:business/:hash', async (c) => {
  const hash = param(c, 'hash');
  const body = valueOf(await businessOf(c, param(c, 'business')).playbook(hash));
  // A hash names one content for ever.
  return c.body(body, 200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'private, max-age=31536000, immutable',
  });
});

nodeRoutes.get('/v1/node/businesses/:business/playbook', async (c) =>
  c.json(valueOf(await businessOf(c, param(c, 'business')).activePlaybook())),
);

nodeRoutes.post('/v1/node/calls/:callId/events', async (c) => {
  const callId = param(c, 'callId');
  // A call's record is taken whatever its text is: the node cannot correct it.
  const batch = check(EventBatch, parseJson(await readText(c.req.raw, maxEventBytes)));
  return c.json(valueOf(await businessOf(c, batch.business).appendEvents(callId, batch)));
});

nodeRoutes.post('/v1/node/slots', async (c) => {
  const query = await readBody(c, SlotQuery, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, query.business).appointmentDesk().findSlots(query)));
});

nodeRoutes.post('/v1/node/holds', async (c) => {
  const request = await readBody(c, HoldRequest, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, request.business).appointmentDesk().hold(request)));
});

nodeRoutes.post('/v1/node/bookings', async (c) => {
  const request = await readBody(c, BookingRequest, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, request.business).appointmentDesk().book(request)));
});

nodeRoutes.post('/v1/node/appointments/find', async (c) => {
  const query = await readBody(c, AppointmentQuery, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, query.business).appointmentDesk().findAppointments(query)));
});

nodeRoutes.post('/v1/node/appointments/move', async (c) => {
  const request = await readBody(c, MoveRequest, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, request.business).appointmentDesk().moveAppointment(request)));
});

nodeRoutes.post('/v1/node/appointments/cancel', async (c) => {
  const request = await readBody(c, ChangeRequest, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, request.business).appointmentDesk().cancelAppointment(request)));
});

nodeRoutes.post('/v1/node/appointments/confirm', async (c) => {
  const request = await readBody(c, ChangeRequest, maxRequestBytes);
  return c.json(valueOf(await businessOf(c, request.business).appointmentDesk().confirmAppointment(request)));
});
