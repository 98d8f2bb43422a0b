import { errorText } from '../log.ts';
import { SmtpConnection, SmtpError, type SmtpServer } from './smtp-connection.ts';
import type { Mail, MailResult, MailSender } from './mail.ts';
import { toBase64, writeMime } from './mime.ts';

export interface SmtpAccount extends SmtpServer {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Sends to a mail server of the owner's (RFC 5321), over TLS, with AUTH PLAIN or LOGIN (RFC 4954). */
export class SmtpSender implements MailSender {
  readonly #account: SmtpAccount;

  constructor(account: SmtpAccount) {
    this.#account = account;
  }

  async send(mail: Mail): Promise<MailResult> {
    let connection: SmtpConnection | null = null;
    try {
      connection = await SmtpConnection.open(this.#account);
      await this.#logIn(connection);
      await connection.command(`MAIL FROM:<${mail.from.email}>`, 250);
      await connection.command(`RCPT TO:<${mail.to.email}>`, 250, 251);
      await connection.command('DATA', 354);
      // A line that is a dot alone ends the message, so dots that begin a line are doubled (RFC 5321 §4.5.2).
      await connection.command(`${writeMime(mail, Date.now()).replace(/^\./gm, '..')}\r\n.`, 250);
      await connection.quit();
      return { outcome: 'sent' };
    } catch (error) {
      const text = `${this.#account.host}: ${error instanceof SmtpError ? error.message : errorText(error)}`;
      if (error instanceof SmtpError && error.isPermanent) return { outcome: 'refused', error: text };
      return { outcome: 'failed', error: text, retryAfterS: null };
    } finally {
      await connection?.close();
    }
  }

  async #logIn(connection: SmtpConnection): Promise<void> {
    const { username, password } = this.#account;
    if (username === undefined || password === undefined) return;
    const offered = connection.extensions.get('AUTH')?.toUpperCase().split(' ') ?? [];
    if (offered.includes('PLAIN')) {
      await connection.command(`AUTH PLAIN ${toBase64(`\0${username}\0${password}`)}`, 235);
    } else if (offered.includes('LOGIN')) {
      await connection.command('AUTH LOGIN', 334);
      await connection.command(toBase64(username), 334);
      await connection.command(toBase64(password), 235);
    } else {
      throw new SmtpError('The server offers neither AUTH PLAIN nor AUTH LOGIN.', true);
    }
  }
}
