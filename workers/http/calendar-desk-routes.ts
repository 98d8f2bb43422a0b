import { Hono } from 'hono';
import * as v from 'valibot';
import { CalendarSettings } from '../calendars/settings.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import { peerTrouble } from '../address/peer.ts';
import { MailSettings } from '../mail/settings.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { businessOf, param } from './params.ts';
import { valueOf } from './problem.ts';
import { refuseInner } from './public-url.ts';

const maxBodyBytes = 32_768;

const Done = v.optional(v.picklist(['true', 'false']), 'false');

/** What staff set up of mail and calendars, and what they are told of them. */
export const calendarDeskRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

calendarDeskRoutes.put('/v1/businesses/:business/mail', staffOnly, async (c) => {
  const settings = await readBody(c, MailSettings, maxBodyBytes);
  refuseInner(await peerTrouble(settings, settingsOf(c.env)), 'host');
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.connectMail(settings)));
});

calendarDeskRoutes.get('/v1/businesses/:business/mail', staffOnly, async (c) => {
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.mail()));
});

calendarDeskRoutes.delete('/v1/businesses/:business/mail', staffOnly, async (c) => {
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  valueOf(await desk.disconnectMail());
  return c.body(null, 204);
});

calendarDeskRoutes.get('/v1/businesses/:business/calendars', staffOnly, async (c) => {
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.calendars()));
});

/** Each is tried before it is kept: an owner learns at once what is wrong with it. */
calendarDeskRoutes.put('/v1/businesses/:business/calendars/:calendar', staffOnly, async (c) => {
  const calendar = param(c, 'calendar');
  const settings = await readBody(c, CalendarSettings, maxBodyBytes);
  refuseInner(await peerTrouble(settings, settingsOf(c.env)), 'url');
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.connectCalendar(calendar, settings)));
});

calendarDeskRoutes.delete('/v1/businesses/:business/calendars/:calendar', staffOnly, async (c) => {
  const calendar = param(c, 'calendar');
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  valueOf(await desk.disconnectCalendar(calendar));
  return c.body(null, 204);
});

calendarDeskRoutes.post('/v1/businesses/:business/calendars/:calendar/sync', staffOnly, async (c) => {
  const calendar = param(c, 'calendar');
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  valueOf(await desk.calendarChanged(calendar));
  return c.body(null, 202);
});

calendarDeskRoutes.post('/v1/businesses/:business/calendar-feed', staffOnly, async (c) => {
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.renewFeed()), 201);
});

calendarDeskRoutes.get('/v1/businesses/:business/notices', staffOnly, async (c) => {
  const done = check(Done, c.req.query('done')) === 'true';
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.notices({ done })));
});

calendarDeskRoutes.post('/v1/businesses/:business/notices/:id/done', staffOnly, async (c) => {
  const id = param(c, 'id');
  using desk = await businessOf(c, param(c, 'business')).calendarDesk();
  return c.json(valueOf(await desk.noticeDone(id)));
});
