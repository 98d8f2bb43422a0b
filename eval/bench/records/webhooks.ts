import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Webhook } from 'standardwebhooks';
import type { ControlPlaneClient } from './control-plane-client.ts';
import { closedLoop, openLoop } from './load.ts';

const perSecond = 200;
const lengthMs = 15_000;
const concurrency = 32;

/** Webhooks of an owner's own system, each with another id and signed: first so many a second, then as many as go. */
export async function measureWebhooks(
  client: ControlPlaneClient,
  business: string,
): Promise<{ webhookMs: number[]; webhooksPerSecond: number }> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  await client.asStaff('PUT', `/v1/businesses/${business}/webhook-sources/standard`, { secret });
  const signer = new Webhook(secret);
  const send = async (): Promise<void> => {
    const id = `msg_${crypto.randomUUID()}`;
    const at = new Date();
    const body = JSON.stringify({
      type: 'contact.updated',
      timestamp: at.toISOString(),
      data: { id: `contact-${Math.floor(Math.random() * 1_000)}`, name: 'Ann Miller', phone: '+13035550123' },
    });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signer.sign(id, at, body),
    };
    const { status, text } = await client.send('POST', `/v1/webhooks/${business}/standard`, headers, body);
    if (status !== 204) throw new Error(`A webhook was answered ${status}: ${text.slice(0, 300)}`);
  };
  const webhookMs = await openLoop(perSecond, lengthMs, send);
  const startMs = performance.now();
  const taken = await closedLoop(concurrency, lengthMs, send);
  return { webhookMs, webhooksPerSecond: Math.round(taken.length / ((performance.now() - startMs) / 1_000)) };
}
