import type { Mail } from '../mail/mail.ts';
import type { MailSettings } from '../mail/settings.ts';

/** What a job needs to be done outside of the business's object. Never stored. */
export interface Work {
  readonly kind: 'mail';
  readonly settings: MailSettings;
  readonly mail: Mail;
}
