import { DateTime } from 'luxon';
import * as v from 'valibot';
import { Uuid } from '../../contract/primitives.ts';
import { InboxWebhookDetail, WebhookInbox, type InboxWebhook } from '../../contract/webhook.ts';
import { askBusiness } from '../call/ask-business.ts';
import { type Layout, printable } from '../call/layout.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const path = 'webhook-inbox';

/** Webhooks that came in and are not applied, newest first. */
export async function fetchInbox(source: RecordSource): Promise<InboxWebhook[]> {
  return v.parse(WebhookInbox, await askBusiness(source, 'GET', path)).webhooks;
}

export async function fetchInboxWebhook(source: RecordSource, id: string): Promise<InboxWebhookDetail> {
  return v.parse(InboxWebhookDetail, await askBusiness(source, 'GET', `${path}/${known(id)}`));
}

/** Tries one again, or all of them, the oldest first. How each stands then. */
export async function replayInbox(source: RecordSource, id: string, all: boolean): Promise<InboxWebhookDetail[]> {
  if ((id === '') === !all) throw new SetUpError('Name one webhook, or say --all.');
  const ids = all ? (await fetchInbox(source)).toReversed().map((webhook) => webhook.id) : [known(id)];
  const tried: InboxWebhookDetail[] = [];
  for (const one of ids) {
    tried.push(v.parse(InboxWebhookDetail, await askBusiness(source, 'POST', `${path}/${one}/replay`)));
  }
  return tried;
}

function known(id: string): string {
  if (v.safeParse(Uuid, id).success) return id;
  throw new SetUpError(`"${id}" is no id. npm run webhooks -- inbox lists them.`);
}

const tones = { waiting: 'cyan', failed: 'red', done: 'green' } as const;

/** One webhook a line, with what is wrong with it below. */
export function formatInbox(webhooks: readonly InboxWebhook[], { paint, timeZone }: Layout): string {
  return webhooks
    .flatMap(({ id, source, receivedAtMs, status, error }) => [
      `${id}  ${DateTime.fromMillis(receivedAtMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss')}  ${source}  ${paint(tones[status], status)}`,
      ...(error === null ? [] : [`  ${paint('dim', printable(error))}`]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** The same with what it says. Anybody may have sent it: nothing in it commands the terminal. */
export function formatInboxWebhook(webhook: InboxWebhookDetail, layout: Layout): string {
  return `${formatInbox([webhook], layout)}${printable(webhook.body)}\n`;
}
