import { Hono } from 'hono';
import * as v from 'valibot';
import { CallBackDone } from '../../contract/call-back.ts';
import { CallFilter } from '../../contract/call-filter.ts';
import type { Session } from '../../contract/session.ts';
import { parseBundle, type Bundle } from '../../dialogue/playbook/bundle.ts';
import { contentHash } from '../../dialogue/playbook/content-hash.ts';
import { BusinessConfig } from '../business/config.ts';
import type { Env } from '../env.ts';
import { errorText } from '../log.ts';
import { signToken } from '../session/token.ts';
import { settingsOf } from '../settings.ts';
import { crmWebhookTrouble } from '../webhooks/outbound/destination.ts';
import { requireKey } from './auth.ts';
import { check, readBody, readJson } from './body.ts';
import { cursorOf } from './cursor.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';
import { refuseInner } from './public-url.ts';

const maxConfigBytes = 65_536;
const maxBundleBytes = 10_000_000;

const Done = v.optional(v.picklist(['true', 'false']), 'false');

/** What staff and set-up scripts ask. */
export const staffRoutes = new Hono<{ Bindings: Env }>();

const staffOnly = requireKey('STAFF_KEY');

staffRoutes.put('/v1/businesses/:business', staffOnly, async (c) => {
  const business = param(c, 'business');
  const config = await readBody(c, BusinessConfig, maxConfigBytes);
  if (config.crm !== null) refuseInner(crmWebhookTrouble(config.crm.url, settingsOf(c.env)), 'crm.url');
  await businessOf(c, business).configure(business, config);
  return c.body(null, 204);
});

staffRoutes.put('/v1/businesses/:business/playbook', staffOnly, async (c) => {
  const business = param(c, 'business');
  const bundle = await readBundle(await readJson(c, maxBundleBytes));
  if (bundle.business.id !== business) {
    throw new FaultError({
      status: 400,
      code: 'bad-request',
      message: `The playbook is for '${bundle.business.id}', not for '${business}'.`,
      action: 'Publish it to the business it names.',
      field: 'business.id',
    });
  }
  await businessOf(c, business).publishPlaybook(bundle);
  return c.json({ hash: bundle.hash });
});

staffRoutes.get('/v1/businesses/:business/calls', staffOnly, async (c) => {
  const filter = check(CallFilter, c.req.query());
  return c.json(valueOf(await businessOf(c, param(c, 'business')).calls(cursorOf(c), filter)));
});

staffRoutes.get('/v1/businesses/:business/calls/:callId', staffOnly, async (c) => {
  const callId = param(c, 'callId');
  return c.json(valueOf(await businessOf(c, param(c, 'business')).call(callId)));
});

/** Somebody of the business takes a call over in a browser: a token for the media node that has it. */
staffRoutes.post('/v1/businesses/:business/calls/:callId/join', staffOnly, async (c) => {
  const { claims, signalingUrl } = valueOf(await businessOf(c, param(c, 'business')).joinCall(param(c, 'callId')));
  const session: Session = {
    callId: claims.call,
    token: await signToken(claims, settingsOf(c.env).SESSION_KEY),
    signalingUrl,
    expiresAtMs: claims.exp * 1_000,
  };
  return c.json(session, 201);
});

staffRoutes.get('/v1/businesses/:business/call-backs', staffOnly, async (c) => {
  const done = check(Done, c.req.query('done')) === 'true';
  using desk = await businessOf(c, param(c, 'business')).callBacks();
  return c.json(valueOf(await desk.list({ done })));
});

staffRoutes.post('/v1/businesses/:business/call-backs/:callId/done', staffOnly, async (c) => {
  const callId = param(c, 'callId');
  const done = await readBody(c, CallBackDone, maxConfigBytes);
  using desk = await businessOf(c, param(c, 'business')).callBacks();
  return c.json(valueOf(await desk.done(callId, done)));
});

/** A bundle whose content hashes to its name. */
async function readBundle(json: unknown): Promise<Bundle> {
  try {
    const bundle = await parseBundle(json);
    // What is stored is the parsed bundle: it must be the very one that was hashed.
    if ((await contentHash(bundle)) !== bundle.hash)
      throw new Error('The playbook bundle was written by another version of the compiler.');
    return bundle;
  } catch (error) {
    const field = v.isValiError(error) ? v.getDotPath(error.issues[0]) : 'hash';
    throw new FaultError({
      status: 400,
      code: 'bad-request',
      message: error instanceof Error ? error.message : errorText(error),
      action: 'Compile the playbook again and publish what the compiler wrote.',
      ...(field === null ? {} : { field }),
    });
  }
}
