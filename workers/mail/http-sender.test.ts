import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Mail } from './mail.ts';
import { mailSender } from './settings.ts';

const mail: Mail = {
  from: { email: 'office@summit.example', name: 'Summit "Roofing"' },
  to: { email: 'ann@example.com', name: 'Ann Miller' },
  subject: 'Your appointment',
  text: 'Hello',
  calendar: { method: 'CANCEL', ics: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
  messageId: '1@summit.example',
};
const from = { email: 'office@summit.example' };
const resend = mailSender({ provider: 'resend', apiKey: 're_123', from });
const postmark = mailSender({ provider: 'postmark', serverToken: 'pm-123', from });

function answering(...answers: (Response | Error)[]) {
  const requests: Request[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    requests.push(new Request(input instanceof Request ? input : String(input), init));
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error('Nothing more was expected.');
    return answer;
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return requests;
}

describe('Resend', () => {
  it('is sent what its API asks for', async () => {
    const requests = answering(Response.json({ id: '49a3999c' }));
    expect(await resend.send(mail)).toEqual({ outcome: 'sent' });
    const [sent] = requests;
    expect(sent?.url).toBe('https://api.resend.com/emails');
    expect(sent?.headers.get('authorization')).toBe('Bearer re_123');
    expect(sent?.headers.get('idempotency-key')).toBe('1@summit.example');
    expect(await sent?.json()).toMatchObject({
      from: '"Summit \'Roofing\'" <office@summit.example>',
      to: ['"Ann Miller" <ann@example.com>'],
      attachments: [
        { content: btoa(mail.calendar?.ics ?? ''), content_type: expect.stringContaining('method=CANCEL') },
      ],
    });
  });

  it('may refuse, be busy, or not be there', async () => {
    answering(
      Response.json(
        { statusCode: 403, name: 'validation_error', message: 'The domain is not verified.' },
        { status: 403 },
      ),
      Response.json({ message: 'Too many requests' }, { status: 429, headers: { 'retry-after': '7' } }),
      new Response('<html>', { status: 502 }),
      new TypeError('network'),
      Response.json({ message: 'odd' }),
    );
    expect(await resend.send(mail)).toEqual({
      outcome: 'refused',
      error: 'Resend answered 403: The domain is not verified.',
    });
    expect(await resend.send(mail)).toMatchObject({ outcome: 'failed', retryAfterS: 7 });
    expect(await resend.send(mail)).toMatchObject({ outcome: 'failed', retryAfterS: null });
    expect(await resend.send(mail)).toMatchObject({ outcome: 'failed' });
    // 200 with an error in its body is no success.
    expect(await resend.send(mail)).toMatchObject({ outcome: 'refused', error: 'Resend answered 200: odd' });
  });
});

describe('Postmark', () => {
  it('is sent what its API asks for, and believed only when its ErrorCode is 0', async () => {
    const requests = answering(
      Response.json({ ErrorCode: 0, Message: 'OK', MessageID: 'b7bc2f4a' }),
      Response.json({ ErrorCode: 406, Message: 'Inactive recipient' }, { status: 422 }),
    );
    expect(await postmark.send(mail)).toEqual({ outcome: 'sent' });
    expect(requests[0]?.headers.get('x-postmark-server-token')).toBe('pm-123');
    expect(await requests[0]?.json()).toMatchObject({
      To: '"Ann Miller" <ann@example.com>',
      TextBody: 'Hello',
      Attachments: [{ Name: 'invite.ics', ContentType: expect.stringContaining('method=CANCEL') }],
    });
    expect(await postmark.send(mail)).toEqual({
      outcome: 'refused',
      error: 'Postmark answered 422: Inactive recipient (ErrorCode 406)',
    });
  });
});
