import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { PlacedCall } from '../../contract/outbound.ts';
import type { Problem } from '../../contract/problem.ts';
import { Uuid } from '../../contract/primitives.ts';

const maxOrderBytes = 32_768;

/** Whoever places the calls that are ordered. */
export interface OrderDesk {
  take(placed: PlacedCall): Promise<{ why: string; action: string; later: boolean } | undefined>;
  cancel(callId: string): boolean;
}

export interface OrderRoutesOptions {
  /** What the control plane sends as `Authorization: Bearer`. */
  readonly nodeKey: string;
  /** Undefined on a node without a telephone. */
  readonly desk: () => OrderDesk | undefined;
}

/** What the control plane asks of a media node: to place a call, and to end it. */
export function orderRoutes({ nodeKey, desk }: OrderRoutesOptions): Hono {
  const app = new Hono();
  const expected = digest(`Bearer ${nodeKey}`);
  app.use('/v1/orders/*', bodyLimit({ maxSize: maxOrderBytes }), async (c, next) => {
    if (timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected)) return next();
    return c.json(
      problem('unauthorized', 'The key is missing or wrong.', "Send 'Authorization: Bearer' and the node key."),
      401,
    );
  });
  app.post('/v1/orders', async (c) => {
    const order = v.safeParse(PlacedCall, await c.req.json().catch(() => null));
    if (!order.success)
      return c.json(problem('bad-request', 'This is no order of this version.', v.summarize(order.issues)), 400);
    const taker = desk();
    if (!taker) return c.json(noTelephone, 409);
    const refused = await taker.take(order.output);
    if (!refused) return c.json({ callId: order.output.callId }, 202);
    const { why, action, later } = refused;
    return c.json(problem(later ? 'at-capacity' : 'conflict', why, action), later ? 503 : 409);
  });
  app.post('/v1/orders/:callId/cancel', (c) => {
    const callId = v.safeParse(Uuid, c.req.param('callId'));
    if (callId.success && desk()?.cancel(callId.output)) return c.body(null, 204);
    return c.json(problem('not-found', 'No such call is under way here.', 'It may be over.'), 404);
  });
  return app;
}

/** Of one length, whatever is compared. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function problem(code: Problem['error']['code'], message: string, action: string): Problem {
  return { error: { code, message, action } };
}

const noTelephone = problem(
  'conflict',
  'This node has no telephone.',
  'Set PARLEY_SIP_PORT and PARLEY_SIP_TRUNKS, or place calls through another node.',
);
