/** An address and the name beside it. */
export interface Mailbox {
  readonly email: string;
  readonly name: string;
}

/** A message to one person. */
export interface Mail {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  /** An iCalendar object that the reader's program shows as an invitation. */
  readonly calendar: { readonly method: 'REQUEST' | 'CANCEL'; readonly ics: string } | null;
  /** The same for every attempt at the same message, so that who has it already can drop it: `uuid@host`. */
  readonly messageId: string;
}

export type MailResult =
  | { readonly outcome: 'sent' }
  /** It will be the same next time: a wrong key, an address that does not exist. */
  | { readonly outcome: 'refused'; readonly error: string }
  | { readonly outcome: 'failed'; readonly error: string; readonly retryAfterS: number | null };

/** A way to send mail. Never throws for what the other side does. */
export interface MailSender {
  send(mail: Mail): Promise<MailResult>;
}
