import { createMiddleware } from 'hono/factory';
import type { Env } from '../env.ts';
import { sameSecret } from '../session/digest.ts';
import { settingsOf } from '../settings.ts';
import { FaultError } from './problem.ts';

/** Lets a request through that carries `Authorization: Bearer` and the named key. */
export const requireKey = (name: 'NODE_KEY' | 'STAFF_KEY') =>
  createMiddleware<{ Bindings: Env }>(async (c, next) => {
    const given = /^Bearer +(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (!(await sameSecret(given, settingsOf(c.env)[name]))) {
      throw new FaultError({
        status: 401,
        code: 'unauthorized',
        message: 'The key is missing or wrong.',
        action: `Send 'Authorization: Bearer' with the ${name} of this control plane.`,
      });
    }
    await next();
  });
