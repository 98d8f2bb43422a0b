import { Hono, type Context } from 'hono';
import * as v from 'valibot';
import { Locale, Slug } from '../../contract/primitives.ts';
import { SessionRequest, type Session } from '../../contract/session.ts';
import type { Env } from '../env.ts';
import { signToken } from '../session/token.ts';
import { settingsOf } from '../settings.ts';
import { check, readJson } from './body.ts';
import { regionOf } from './region.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';

const maxSessionBytes = 8_192;

/** What visitors' pages ask. A page may read the answers if its origin is one of the business's. */
export const visitorRoutes = new Hono<{ Bindings: Env }>();

visitorRoutes.get('/v1/businesses/:business/widget', async (c) => {
  const origin = c.req.header('origin') ?? null;
  const locale = v.safeParse(Locale, c.req.query('locale'));
  // A page's odd `lang` is no reason to show it nothing.
  const answer = await businessOf(c, param(c, 'business')).widget(origin, locale.success ? locale.output : undefined);
  if (answer.originAllowed) allow(c, origin);
  c.header('Vary', 'Origin');
  return c.json(valueOf(answer));
});

// A preflight does not say which business it is about. It promises nothing: the request itself is checked.
visitorRoutes.options('/v1/sessions', (c) => {
  allow(c, c.req.header('origin') ?? null);
  c.header('Access-Control-Allow-Methods', 'POST');
  c.header('Access-Control-Allow-Headers', 'Content-Type');
  c.header('Access-Control-Max-Age', '86400');
  return c.body(null, 204);
});

visitorRoutes.post('/v1/sessions', async (c) => {
  c.header('Vary', 'Origin');
  const origin = c.req.header('origin') ?? '';
  const body = await readJson(c, maxSessionBytes);
  const request = await checkSession(c, origin, body);
  const { SESSION_KEY, CLIENT_ADDRESS } = settingsOf(c.env);
  const answer = await businessOf(c, request.business).openSession(request, {
    origin,
    userAgent: c.req.header('user-agent') ?? '',
    clientAddress: CLIENT_ADDRESS === 'cloudflare' ? (c.req.header('cf-connecting-ip') ?? null) : null,
    region: regionOf(c),
  });
  if (answer.originAllowed) allow(c, origin);
  const { claims, signalingUrl } = valueOf(answer);
  const session: Session = {
    callId: claims.jti,
    token: await signToken(claims, SESSION_KEY),
    signalingUrl,
    expiresAtMs: claims.exp * 1_000,
  };
  return c.json(session, 201);
});

/** The checked request. A page of the business may read what is wrong with it. */
async function checkSession(c: Context<{ Bindings: Env }>, origin: string, body: unknown): Promise<SessionRequest> {
  const result = v.safeParse(SessionRequest, body);
  if (result.success) return withoutQuery(result.output);
  const named = v.safeParse(v.object({ business: Slug }), body);
  if (named.success && (await businessOf(c, named.output.business).allowsOrigin(origin))) allow(c, origin);
  const field = result.issues.map((issue) => v.getDotPath(issue)).find((path) => path?.startsWith('consent'));
  if (field === undefined || field === null) return check(SessionRequest, body);
  throw new FaultError({
    status: 400,
    code: 'consent-required',
    message: 'The visitor must accept the disclosure before a call.',
    action: 'Show the disclosure, and send consent.accepted = true with its version.',
    field,
  });
}

/** Queries and fragments may hold personal data; they are not kept. */
function withoutQuery(request: SessionRequest): SessionRequest {
  if (request.pageUrl === undefined) return request;
  const { origin, pathname } = new URL(request.pageUrl);
  return { ...request, pageUrl: `${origin}${pathname}` };
}

function allow(c: Context, origin: string | null): void {
  if (origin === null || origin === '') return;
  c.header('Access-Control-Allow-Origin', origin);
  c.header('Access-Control-Expose-Headers', 'Retry-After');
}
