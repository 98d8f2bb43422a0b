import { describe, expect, inject, it } from 'vitest';
import { mailFor, newAddress } from '../test/mailbox.ts';
import type { Mail } from './mail.ts';
import { SmtpSender, type SmtpAccount } from './smtp-sender.ts';

const server = inject('mailServer');

const mailTo = (email: string): Mail => ({
  from: { email: 'office@summit.example', name: 'Summit Dächer' },
  to: { email, name: 'Ann Miller' },
  subject: 'Größe, "quotes" and 屋根 in a subject that is long enough to need more than one encoded word',
  text: 'Hello Ann,\n.\n..a line with dots\n',
  calendar: { method: 'REQUEST', ics: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
  messageId: `${crypto.randomUUID()}@summit.example`,
});

const login = { username: server.user, password: server.password };
const host = 'localhost';

describe('SmtpSender', () => {
  it.each<[string, SmtpAccount]>([
    ['over TLS', { host, port: server.tlsPort, security: 'tls', ...login }],
    [
      'after STARTTLS, where the server knows AUTH LOGIN alone',
      { host, port: server.starttlsPort, security: 'starttls', ...login },
    ],
    ['in the clear on this machine', { host, port: server.plainPort, security: 'none' }],
  ])('sends %s', async (_, account) => {
    const to = newAddress('ann');
    const mail = mailTo(to);
    expect(await new SmtpSender(account).send(mail)).toEqual({ outcome: 'sent' });
    const [one, ...more] = await mailFor(to);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ from: 'office@summit.example', secure: account.security !== 'none' });
    expect(one?.user).toBe(account.username);
    expect(one?.raw).toContain(`Message-ID: <${mail.messageId}>`);
    expect(one?.raw).toContain('text/calendar; charset=utf-8; method=REQUEST');
    for (const line of one?.raw.split('\r\n') ?? []) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('tells a refusal from a wish to come back later', async () => {
    const sender = new SmtpSender({ host, port: server.plainPort, security: 'none' });
    expect(await sender.send(mailTo(newAddress('refused')))).toMatchObject({
      outcome: 'refused',
      error: expect.stringMatching(/550.*No such person/),
    });
    const later = newAddress('later');
    expect(await sender.send(mailTo(later))).toMatchObject({ outcome: 'failed' });
    expect(await sender.send(mailTo(later))).toEqual({ outcome: 'sent' });
  });

  it('says what is wrong with the account', async () => {
    const wrong = { host, port: server.tlsPort, security: 'tls' as const, username: server.user, password: 'guess' };
    expect(await new SmtpSender(wrong).send(mailTo(newAddress('ann')))).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('535'),
    });
    const noTls = { host, port: server.plainPort, security: 'starttls' as const, ...login };
    expect(await new SmtpSender(noTls).send(mailTo(newAddress('ann')))).toMatchObject({
      error: expect.stringContaining('no STARTTLS'),
    });
    const nobody = { host, port: 9, security: 'none' as const };
    expect(await new SmtpSender(nobody).send(mailTo(newAddress('ann')))).toMatchObject({ outcome: 'failed' });
  });
});
