import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { SettingsError, settingsOf } from '../settings.ts';
import { appointmentRoutes } from './appointment-routes.ts';
import { callRoutes } from './call-routes.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { carrierRoutes } from './carrier-routes.ts';
import { calendarDeskRoutes } from './calendar-desk-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { crmRoutes } from './crm-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { outboundWebhookRoutes } from './outbound-webhook-routes.ts';
import { privacyRoutes } from './privacy-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { FaultError, problem } from './problem.ts';
import { recordingRoutes } from './recording-routes.ts';
import { staffRoutes } from './staff-routes.ts';
import { transcriptRoutes } from './transcript-routes.ts';
import { visitorRoutes } from './visitor-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Every route of the control plane. The widget's files are answered before it is asked. */
export const app = new Hono<{ Bindings: Env }>();

app.use(async (c, next) => {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
});

app.get('/healthz', (c) => {
  settingsOf(c.env);
  return c.json({ status: 'ok' });
});

app.route('/', visitorRoutes);
app.route('/', calendarRoutes);
app.route('/', nodeRoutes);
app.route('/', recordingRoutes);
app.route('/', fleetRoutes);
app.route('/', carrierRoutes);
app.route('/', staffRoutes);
app.route('/', appointmentRoutes);
app.route('/', calendarDeskRoutes);
app.route('/', crmRoutes);
app.route('/', deliveryRoutes);
app.route('/', transcriptRoutes);
app.route('/', callRoutes);
app.route('/', contactRoutes);
app.route('/', privacyRoutes);
app.route('/', webhookRoutes);
app.route('/', outboundWebhookRoutes);

app.notFound((c) =>
  problem(c, {
    status: 404,
    code: 'not-found',
    message: `There is nothing at ${c.req.method} ${c.req.path}.`,
    action: 'Check the address and the method.',
  }),
);

app.onError((error, c) => {
  if (error instanceof FaultError) return problem(c, error.fault);
  if (error instanceof HTTPException && error.status === 400) {
    return problem(c, {
      status: 400,
      code: 'bad-request',
      message: 'The request is malformed.',
      action: 'Correct it and send it again.',
    });
  }
  log('error', 'a request failed', { method: c.req.method, route: c.req.routePath, error: errorText(error) });
  if (error.name === 'SealError') {
    return problem(c, {
      status: 503,
      code: 'unavailable',
      message: error.message,
      action: 'See "Keys" in docs/operations.md.',
    });
  }
  if (error instanceof SettingsError) {
    return problem(c, {
      status: 500,
      code: 'internal',
      message: error.message,
      action: 'Set them and start the control plane again.',
    });
  }
  return problem(c, {
    status: 500,
    code: 'internal',
    message: 'The control plane failed to answer.',
    action: 'Try again. If it stays so, look at its log.',
  });
});
