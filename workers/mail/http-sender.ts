import * as v from 'valibot';
import { readRetryAfter } from '../crm/retry.ts';
import { errorText } from '../log.ts';
import type { Mail, Mailbox, MailResult, MailSender } from './mail.ts';
import { toBase64 } from './mime.ts';

const timeoutMs = 10_000;
const maxAnswerBytes = 65_536;

/** Of the provider's own: what a message becomes, and what an answer means. */
interface Provider {
  readonly name: string;
  readonly url: string;
  headers(mail: Mail): Record<string, string>;
  body(mail: Mail): unknown;
  /** What is wrong in the answer's body; null when it says that the mail was taken. */
  fault(body: unknown): string | null;
}

const box = ({ name, email }: Mailbox): string =>
  name === '' ? email : `"${name.replace(/["\\\r\n]/g, "'")}" <${email}>`;

const typeOf = (method: string): string => `text/calendar; charset=utf-8; method=${method}`;

const ResendAnswer = v.object({ id: v.string() });
const ResendFault = v.object({ message: v.string() });

/** https://resend.com/docs/api-reference/emails/send-email */
export const resend = (apiKey: string): Provider => ({
  name: 'Resend',
  url: 'https://api.resend.com/emails',
  headers: (mail) => ({ authorization: `Bearer ${apiKey}`, 'idempotency-key': mail.messageId }),
  body: (mail) => ({
    from: box(mail.from),
    to: [box(mail.to)],
    subject: mail.subject,
    text: mail.text,
    headers: { 'Message-ID': `<${mail.messageId}>`, 'Auto-Submitted': 'auto-generated' },
    ...(mail.calendar === null
      ? {}
      : {
          attachments: [
            {
              filename: 'invite.ics',
              content: toBase64(mail.calendar.ics),
              content_type: typeOf(mail.calendar.method),
            },
          ],
        }),
  }),
  fault(body) {
    if (v.is(ResendAnswer, body)) return null;
    return v.is(ResendFault, body) ? body.message : 'an answer without an id';
  },
});

const PostmarkAnswer = v.object({ ErrorCode: v.number(), Message: v.string() });

/** https://postmarkapp.com/developer/api/email-api */
export const postmark = (serverToken: string): Provider => ({
  name: 'Postmark',
  url: 'https://api.postmarkapp.com/email',
  headers: () => ({ 'x-postmark-server-token': serverToken, accept: 'application/json' }),
  body: (mail) => ({
    From: box(mail.from),
    To: box(mail.to),
    Subject: mail.subject,
    TextBody: mail.text,
    MessageStream: 'outbound',
    Headers: [
      { Name: 'Message-ID', Value: `<${mail.messageId}>` },
      { Name: 'X-PM-KeepID', Value: 'true' },
    ],
    ...(mail.calendar === null
      ? {}
      : {
          Attachments: [
            { Name: 'invite.ics', Content: toBase64(mail.calendar.ics), ContentType: typeOf(mail.calendar.method) },
          ],
        }),
  }),
  fault(body) {
    if (!v.is(PostmarkAnswer, body)) return 'an answer without an ErrorCode';
    return body.ErrorCode === 0 ? null : `${body.Message} (ErrorCode ${body.ErrorCode})`;
  },
});

/** Sends through a provider's JSON API. */
export class HttpMailSender implements MailSender {
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  async send(mail: Mail): Promise<MailResult> {
    const { name, url } = this.#provider;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Parley', ...this.#provider.headers(mail) },
        body: JSON.stringify(this.#provider.body(mail)),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = (await response.text()).slice(0, maxAnswerBytes);
    } catch (error) {
      return { outcome: 'failed', error: `${name} did not answer: ${errorText(error)}`, retryAfterS: null };
    }
    const fault = this.#provider.fault(json(text));
    if (response.ok && fault === null) return { outcome: 'sent' };
    const error = `${name} answered ${response.status}: ${fault ?? 'no reason'}`;
    if (response.status === 429 || response.status >= 500) {
      const retryAfterS = readRetryAfter(response.headers.get('retry-after'), Date.now());
      return { outcome: 'failed', error, retryAfterS };
    }
    return { outcome: 'refused', error };
  }
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
