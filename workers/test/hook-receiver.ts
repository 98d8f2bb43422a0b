import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { onTestFinished, vi } from 'vitest';
import { WebhookEvent } from '../../contract/webhook-event.ts';

export interface ReceivedHook {
  readonly webhookId: string;
  readonly event: v.InferOutput<typeof WebhookEvent>;
  readonly signatures: readonly string[];
}

/**
 * Owners' systems in place of the network, for one test. Each proves its webhooks with the reference library and a secret
 * it is given, checks them against the catalogue, and answers by `reply`.
 */
export function startHookReceiver(
  reply: (attempt: number, url: string) => Response = () => new Response(null, { status: 204 }),
) {
  const received: ReceivedHook[] = [];
  const faults: unknown[] = [];
  const secrets = new Map<string, string>();
  let answer = reply;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input instanceof Request ? input : String(input), init);
    try {
      const body = await request.text();
      const headers = Object.fromEntries(request.headers);
      new Webhook(secrets.get(request.url) ?? '').verify(body, headers);
      const event = v.parse(WebhookEvent, JSON.parse(body));
      const signatures = (headers['webhook-signature'] ?? '').split(' ');
      received.push({ webhookId: headers['webhook-id'] ?? '', event, signatures });
    } catch (error) {
      faults.push(error);
      return new Response('bad signature', { status: 401 });
    }
    return answer(received.length, request.url);
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return {
    received,
    faults,
    trust(url: string, secret: string): void {
      secrets.set(url, secret);
    },
    answerWith(next: (attempt: number, url: string) => Response): void {
      answer = next;
    },
  };
}
