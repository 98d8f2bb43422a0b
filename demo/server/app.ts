import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import * as v from 'valibot';
import type { Problem, ProblemCode } from '../../contract/problem.ts';
import { InboxMessage } from './inbox-entry.ts';
import type { LeadInbox } from './lead-inbox.ts';
import type { SiteFile } from './site.ts';

const MAX_WEBHOOK_BYTES = 1_048_576;

export interface DemoOptions {
  readonly site: ReadonlyMap<string, SiteFile>;
  readonly inbox: LeadInbox;
  /** `whsec_…`, shared with the sender of the webhooks. */
  readonly crmSecret: string;
  /** Origin that serves `parley.js`. */
  readonly parleyHost: string;
  readonly nowMs: () => number;
}

/** The sample business's web server: its site, and the little CRM that its leads are pushed to. */
export function createDemoApp({ site, inbox, crmSecret, parleyHost, nowMs }: DemoOptions): Hono {
  const webhook = new Webhook(crmSecret);
  const app = new Hono();

  app.get('/healthz', (c) => c.json({ status: 'ok' }));

  app.post(
    '/crm/webhook',
    bodyLimit({
      maxSize: MAX_WEBHOOK_BYTES,
      onError: (c) => c.json(problem('too-large', 'The webhook is over 1 MB.', 'Send a smaller body.'), 413),
    }),
    async (c) => {
      const body = await c.req.text();
      let payload: unknown;
      try {
        payload = webhook.verify(body, c.req.header());
      } catch (error) {
        if (!(error instanceof WebhookVerificationError) && !(error instanceof SyntaxError)) throw error;
        return c.json(problem('unauthorized', error.message, 'Sign the body with the shared CRM secret.'), 401);
      }
      const message = v.safeParse(InboxMessage, payload);
      if (!message.success) {
        const [issue] = message.issues;
        const field = v.getDotPath(issue) ?? undefined;
        return c.json(problem('bad-request', issue.message, 'Send a CRM message of this version.', field), 400);
      }
      const webhookId = c.req.header('webhook-id') ?? '';
      const fresh = await inbox.add({ webhookId, receivedAtMs: nowMs(), message: message.output });
      return c.json({ status: fresh ? 'received' : 'known' });
    },
  );

  app.get('/crm/leads', (c) => c.json(inbox.list(), 200, { 'cache-control': 'no-store' }));

  app.get('*', (c) => {
    const file = site.get(c.req.path);
    if (file === undefined) return c.json(problem('not-found', `There is no ${c.req.path}.`, 'Start at /.'), 404);
    return c.body(file.body, 200, {
      'content-type': file.contentType,
      'content-security-policy': contentSecurityPolicy(parleyHost),
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    });
  });

  return app;
}

/** As strict as a careful shop has it; the widget must live with it. Media nodes stand on other hosts, hence `wss:`. */
const contentSecurityPolicy = (parleyHost: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${parleyHost}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${parleyHost} ws: wss:`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const problem = (code: ProblemCode, message: string, action: string, field?: string): Problem => ({
  error: { code, message, action, ...(field !== undefined && { field }) },
});
