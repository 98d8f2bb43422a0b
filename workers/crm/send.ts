import { Webhook } from 'standardwebhooks';
import { errorText } from '../log.ts';
import { readRetryAfter } from './retry.ts';

export const timeoutMs = 10_000;

/** Answers that will be the same next time. */
const permanent: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 422]);

export interface Post {
  readonly url: string;
  /** Each signs, so that a receiver can change from one to the other. */
  readonly secrets: readonly string[];
  /** Stays the same over retries: the receiver drops repeats by it. */
  readonly webhookId: string;
  readonly body: string;
  readonly nowMs: number;
}

/** What became of one attempt, at whatever destination. */
export type Sent =
  | { readonly outcome: 'delivered'; readonly status: number | null }
  | { readonly outcome: 'refused'; readonly status: number | null; readonly error: string }
  | {
      readonly outcome: 'failed';
      readonly status: number | null;
      readonly error: string;
      readonly retryAfterS: number | null;
      /** Whether the destination is at fault, or something about this delivery. */
      readonly concerns: 'crm' | 'delivery';
    };

/** One attempt at a webhook, signed as Standard Webhooks. Never throws for what the receiver does. */
export async function send({ url, secrets, webhookId, body, nowMs }: Post): Promise<Sent> {
  const sentAt = new Date(nowMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Parley',
        'webhook-id': webhookId,
        'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(webhookId, sentAt, body)).join(' '),
      },
      body,
      // A redirect would carry the signed body to an address the owner never gave.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    return {
      outcome: 'failed',
      status: null,
      error: `No answer: ${errorText(error)}`,
      retryAfterS: null,
      concerns: 'crm',
    };
  }
  await response.body?.cancel();
  const { status } = response;
  if (response.ok) return { outcome: 'delivered', status };
  if (status >= 300 && status < 400) {
    return { outcome: 'refused', status, error: `The receiver redirects (${status}). Configure its final address.` };
  }
  if (permanent.has(status)) return { outcome: 'refused', status, error: `The receiver refused it with ${status}.` };
  const retryAfterS = readRetryAfter(response.headers.get('retry-after'), nowMs);
  return { outcome: 'failed', status, error: `The receiver answered ${status}.`, retryAfterS, concerns: 'crm' };
}
