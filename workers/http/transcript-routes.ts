import { Hono } from 'hono';
import { html } from 'hono/html';
import { transcriptOf } from '../business/projection.ts';
import { transcriptKey } from '../crm/transcript-link.ts';
import type { Env } from '../env.ts';
import { sameSecret } from '../session/digest.ts';
import { settingsOf } from '../settings.ts';
import { businessOf, param } from './params.ts';
import { FaultError, valueOf } from './problem.ts';

/** The page behind the link that CRMs carry. */
export const transcriptRoutes = new Hono<{ Bindings: Env }>();

transcriptRoutes.get('/v1/transcripts/:business/:callId', async (c) => {
  const [business, callId] = [param(c, 'business'), param(c, 'callId')];
  const { MASTER_KEY, MASTER_KEY_BEFORE } = settingsOf(c.env);
  const given = c.req.query('key') ?? '';
  // Links that were made under the key before work for as long as it is set.
  const keys = [MASTER_KEY, ...(MASTER_KEY_BEFORE === undefined ? [] : [MASTER_KEY_BEFORE])];
  const isGood = await Promise.all(
    keys.map(async (key) => sameSecret(given, await transcriptKey(key, business, callId))),
  );
  if (!isGood.includes(true)) {
    throw new FaultError({
      status: 404,
      code: 'not-found',
      message: 'There is no such transcript.',
      action: 'Use the whole link from the CRM.',
    });
  }
  const { summary, lead, events } = valueOf(await businessOf(c, business).call(callId));
  const offset = (ms: number): string => {
    const seconds = Math.max(0, Math.round((ms - summary.startMs) / 1_000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  const lines = transcriptOf(events).map(
    ({ who, atMs, text }) => html`<p><b>${offset(atMs)} ${who === 'agent' ? 'Agent' : 'Caller'}</b> ${text}</p> `,
  );
  // The link is the key: it is not to be kept by caches, shown to other sites or found by search engines.
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
  c.header('X-Robots-Tag', 'noindex');
  c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Transcript</title>
        <style>
          body {
            font: 1rem/1.5 system-ui;
            max-width: 44rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
        </style>
        <h1>
          ${lead?.name ?? 'A caller'}, ${new Date(summary.startMs).toISOString().slice(0, 16).replace('T', ' ')} UTC
        </h1>
        ${lines.length === 0 ? 'Nothing was said.' : lines}
      </html>`,
  );
});
