import * as v from 'valibot';
import { EmailAddress } from '../../contract/primitives.ts';
import { HttpMailSender, postmark, resend } from './http-sender.ts';
import type { MailSender } from './mail.ts';
import { SmtpSender } from './smtp-sender.ts';

const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/** Whose mail it is; also the organizer of invitations. */
const from = v.object({ email: EmailAddress, name: v.optional(v.pipe(v.string(), v.maxLength(120))) });

/** `PUT /v1/businesses/:business/mail`. Kept sealed. */
export const MailSettings = v.variant('provider', [
  v.object({ provider: v.literal('resend'), apiKey: secret, from }),
  v.object({ provider: v.literal('postmark'), serverToken: secret, from }),
  v.object({
    provider: v.literal('smtp'),
    host: v.pipe(v.string(), v.minLength(1), v.maxLength(253), v.regex(/^[A-Za-z0-9.:-]+$/, 'Write a host name.')),
    port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
    security: v.optional(v.picklist(['tls', 'starttls', 'none']), 'starttls'),
    username: v.optional(secret),
    password: v.optional(secret),
    from,
  }),
]);
export type MailSettings = v.InferOutput<typeof MailSettings>;

export function mailSender(settings: MailSettings): MailSender {
  switch (settings.provider) {
    case 'resend':
      return new HttpMailSender(resend(settings.apiKey));
    case 'postmark':
      return new HttpMailSender(postmark(settings.serverToken));
    case 'smtp':
      return new SmtpSender(settings);
    default:
      return settings satisfies never;
  }
}
