import { Hono } from 'hono';
import * as v from 'valibot';
import { CrmConnection } from '../crm/connection.ts';
import { crmKinds, type CrmKind } from '../crm/crm.ts';
import { crmMessage } from '../crm/message.ts';
import { previewWrites } from '../crm/preview.ts';
import { checkConnection, type CheckResult } from '../crm/check.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import { requireKey } from './auth.ts';
import { check, readBody } from './body.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';

const maxConnectionBytes = 262_144;

const Kind = v.picklist(
  crmKinds,
  `Parley writes to ${crmKinds.join(', ')}; for any other system there is the webhook.`,
);

/** An owner's connections to CRMs. Secrets go in and never come out. */
export const crmRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

crmRoutes.get('/v1/businesses/:business/crm', staffOnly, async (c) => {
  using desk = await businessOf(c, param(c, 'business')).crmDesk();
  return c.json(valueOf(await desk.list()));
});

crmRoutes.put('/v1/businesses/:business/crm/:kind', staffOnly, async (c) => {
  const kind = check(Kind, c.req.param('kind'));
  using desk = await businessOf(c, param(c, 'business')).crmDesk();
  const { credentials: given, ...settings } = await readBody(c, CrmConnection, maxConnectionBytes);
  const credentials = given ?? valueOf(await desk.connection(kind)).credentials;
  const result = await checkConnection(kind, { settings, credentials });
  refuse(kind, result);
  valueOf(await desk.connect(kind, { settings, credentials: result.credentials }));
  return c.json({ status: result.status, ...(result.status === 'unchecked' ? { reason: result.reason } : {}) });
});

crmRoutes.delete('/v1/businesses/:business/crm/:kind', staffOnly, async (c) => {
  const kind = check(Kind, c.req.param('kind'));
  using desk = await businessOf(c, param(c, 'business')).crmDesk();
  valueOf(await desk.disconnect(kind));
  return c.body(null, 204);
});

crmRoutes.post('/v1/businesses/:business/crm/:kind/check', staffOnly, async (c) => {
  const kind = check(Kind, c.req.param('kind'));
  using desk = await businessOf(c, param(c, 'business')).crmDesk();
  const result = await checkConnection(kind, valueOf(await desk.connection(kind)));
  await desk.renew(kind, result.credentials);
  const { credentials: _, ...shown } = result;
  return c.json(shown);
});

/** What would be written of a call; before a CRM is connected, by its default mapping. */
crmRoutes.get('/v1/businesses/:business/crm/:kind/preview/:callId', staffOnly, async (c) => {
  const kind = check(Kind, c.req.param('kind'));
  const business = businessOf(c, param(c, 'business'));
  const call = valueOf(await business.call(param(c, 'callId')));
  const message = crmMessage(call.summary.endMs === null ? 'lead.updated' : 'call.completed', call, Date.now());
  using desk = await business.crmDesk();
  const { connections } = valueOf(await desk.list());
  const settings = connections.find((connection) => connection.kind === kind)?.settings ?? null;
  return c.json({ writes: await previewWrites(kind, settings, message, settingsOf(c.env)) });
});

/** A connection that cannot work is not kept. One that could not be checked is: the CRM may be down. */
function refuse(kind: CrmKind, result: CheckResult): void {
  if (result.status === 'refused') {
    throw new FaultError({
      status: 400,
      code: 'bad-request',
      message: result.reason,
      action: `Correct the credentials and connect ${kind} again.`,
      field: 'credentials',
    });
  }
  if (result.status !== 'wrong') return;
  const [first, ...more] = result.problems;
  if (first === undefined) return;
  throw new FaultError({
    status: 400,
    code: 'bad-request',
    message: [first, ...more].map(({ message }) => message).join(' '),
    action: `Correct 'mapping.${first.field}' and connect ${kind} again.`,
    field: `mapping.${first.field}`,
  });
}
