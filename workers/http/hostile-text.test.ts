import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as v from 'valibot';
import { CallBackDone } from '../../contract/call-back.ts';
import { CallOrderRequest, DoNotCallRequest } from '../../contract/outbound.ts';
import { ErasureRequest, PersonRequest } from '../../contract/privacy.ts';
import { Problem } from '../../contract/problem.ts';
import { SessionRequest } from '../../contract/session.ts';
import { StaffBooking, StaffMove } from '../../contract/staff-appointment.ts';
import { NewWebhookEndpoint, WebhookEndpointChange } from '../../contract/webhook-endpoint.ts';
import { WebhookSecret } from '../../contract/webhook.ts';
import type { Business } from '../business/business.ts';
import { appointmentRows } from '../business/appointment-rows.ts';
import { BusinessConfig } from '../business/config.ts';
import { CalendarSettings } from '../calendars/settings.ts';
import { CrmConnection } from '../crm/connection.ts';
import { readIcs } from '../calendars/read-ics.ts';
import { transcriptKey } from '../crm/transcript-link.ts';
import { writeMime } from '../mail/mime.ts';
import { MailSettings } from '../mail/settings.ts';
import { testBindings } from '../test/bindings.ts';
import { outreach, setUpCalls } from '../test/call-orders.ts';
import { asStaff, crm, mondayMs, openSession, origin, request, sessionRequest } from '../test/control-plane.ts';
import { answered, callEnd, callStart, inOrder, leadFact, postEvents, reachableLead, said } from '../test/events.ts';
import { textFields, withField } from '../test/text-fields.ts';

const hostile: Readonly<Record<string, string>> = {
  sql: 'Robert\'); DROP TABLE calls; -- " OR 1=1',
  script: `"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;`,
  controls: 'a\u0000b\u0007c\u001b[31md\u007fe\u202ef',
  lines: "=cmd|' /C calc'!A0\r\nBEGIN:VEVENT\r\nBcc: everybody@example.com",
  surrogate: 'a\ud800b',
  long: 'x'.repeat(10_240),
};

type Company = Awaited<ReturnType<typeof setUpCalls>>;

interface Place {
  readonly route: string;
  readonly schema: Parameters<typeof textFields>[0];
  /** A body that is taken. */
  readonly body: (set: Company, count: number) => unknown;
  readonly send: (set: Company, body: unknown) => Promise<Response>;
  /** Where what was sent is found again, but for the answer itself. Null: it is a secret, which never comes out. */
  readonly read?: ((set: Company) => Promise<unknown>) | null;
  /** A field of which only a hash is kept. */
  readonly hashed?: string;
  /** Another system is asked first, which is not there: nothing is taken, and the answer says so. */
  readonly isTried?: boolean;
}

const json = async (path: string): Promise<unknown> => (await request('GET', path, { headers: asStaff })).json();
const staff = (method: string, path: (set: Company) => string, key?: () => string) => (set: Company, body: unknown) =>
  request(method, path(set), { headers: { ...asStaff, ...(key && { 'idempotency-key': key() }) }, body });
const of =
  (below: string) =>
  ({ business }: Company) =>
    `/v1/businesses/${business}${below}`;
const dayOf = (count: number): string => new Date(mondayMs + count * 86_400_000).toISOString().slice(0, 10);
const later = (count: number): string => `${dayOf(7 + count)}T09:00`;

let appointmentId = '';
let endpointId = '';
let callId = '';

const places: readonly Place[] = [
  {
    route: 'POST /v1/sessions',
    schema: SessionRequest,
    body: ({ business }) => sessionRequest(business),
    send: (_, body) => request('POST', '/v1/sessions', { headers: { origin }, body }),
    read: async ({ stub }) =>
      runInDurableObject(stub, (_: Business, { storage: { sql } }) => sql.exec('SELECT * FROM consents').toArray()),
  },
  {
    route: 'POST /v1/businesses/:business/appointments',
    schema: StaffBooking,
    body: (_, count) => ({
      service: 'roof-inspection',
      at: later(count),
      attendee: { name: 'Ann Miller' },
      outsideHours: true,
    }),
    send: staff('POST', of('/appointments')),
    // Notes are not in what staff are shown.
    read: ({ stub }) =>
      runInDurableObject(stub, (_: Business, { storage: { sql } }) =>
        appointmentRows(sql, 'WHERE TRUE').map(({ notes }) => notes),
      ),
    hashed: 'requestId',
  },
  {
    route: 'POST /v1/businesses/:business/appointments/:id/move',
    schema: StaffMove,
    body: (_, count) => ({ at: later(count) }),
    send: staff('POST', (set) => of(`/appointments/${appointmentId}/move`)(set)),
  },
  ...['outreach', 'call-back', 'confirm-appointment'].map((purpose): Place => ({
    route: `POST /v1/calls, ${purpose}`,
    schema: CallOrderRequest,
    body: ({ business }) =>
      purpose === 'confirm-appointment'
        ? { business, to: '+13035550123', purpose, appointmentId, consent: { basis: 'express' } }
        : outreach(business, { purpose, notBeforeMs: mondayMs + 3_600_000 }),
    send: staff(
      'POST',
      () => '/v1/calls',
      () => crypto.randomUUID(),
    ),
    read: ({ business }) => json(`/v1/calls/outbound?business=${business}`),
  })),
  {
    route: 'POST /v1/businesses/:business/do-not-call',
    schema: DoNotCallRequest,
    body: (_, count) => ({ number: `+1720555${String(1_000 + count)}` }),
    send: staff('POST', of('/do-not-call')),
    read: (set) => json(of('/do-not-call')(set)),
  },
  {
    route: 'POST /v1/businesses/:business/call-backs/:callId/done',
    schema: CallBackDone,
    body: () => ({ by: 'Dana' }),
    send: async (set, body) => {
      callId = crypto.randomUUID();
      const promised = { type: 'call-back-promised' as const, reason: 'roof' };
      await postEvents(set.business, callId, inOrder([callStart(set.bundle.hash), promised, callEnd]));
      return staff('POST', of(`/call-backs/${callId}/done`))(set, body);
    },
    read: (set) => json(of('/call-backs?done=true')(set)),
  },
  {
    route: 'POST /v1/businesses/:business/webhook-endpoints',
    schema: NewWebhookEndpoint,
    body: () => ({ url: 'https://hooks.example.com/parley' }),
    send: staff('POST', of('/webhook-endpoints')),
    read: (set) => json(of('/webhook-endpoints')(set)),
  },
  {
    route: 'PATCH /v1/businesses/:business/webhook-endpoints/:id',
    schema: WebhookEndpointChange,
    body: () => ({ enabled: true }),
    send: staff('PATCH', (set) => of(`/webhook-endpoints/${endpointId}`)(set)),
    read: (set) => json(of('/webhook-endpoints')(set)),
  },
  {
    route: 'PUT /v1/businesses/:business',
    schema: BusinessConfig,
    body: () => ({ origins: [origin], crm, rateLimitPerMinute: 10_000 }),
    send: staff('PUT', of('')),
    read: null,
  },
  {
    route: 'PUT /v1/businesses/:business/webhook-sources/:source',
    schema: WebhookSecret,
    body: () => ({ secret: 'long enough' }),
    send: staff('PUT', of('/webhook-sources/hubspot')),
    read: null,
  },
  ...[
    { provider: 'resend', apiKey: 'key', from: { email: 'office@summit.example' } },
    { provider: 'postmark', serverToken: 'key', from: { email: 'office@summit.example' } },
    { provider: 'smtp', host: 'smtp.example.com', port: 587, from: { email: 'office@summit.example' } },
  ].map((settings): Place => ({
    route: `PUT /v1/businesses/:business/mail, ${settings.provider}`,
    schema: MailSettings,
    body: () => settings,
    send: staff('PUT', of('/mail')),
    read: null,
  })),
  ...[
    { kind: 'hubspot', credentials: { type: 'token', token: 'a-token-of-theirs' } },
    {
      kind: 'salesforce',
      instanceUrl: 'https://summit.my.salesforce.com',
      credentials: { type: 'oauth', clientId: 'id', clientSecret: 'a-secret', refreshToken: 'a-refresh-token' },
    },
  ].map(({ kind, ...connection }): Place => ({
    route: `PUT /v1/businesses/:business/crm/${kind}`,
    schema: CrmConnection,
    body: () => connection,
    send: staff('PUT', of(`/crm/${kind}`)),
    read: null,
  })),
  ...[
    { kind: 'caldav', url: 'https://dav.example.com/office/', username: 'office', password: 'secret' },
    { kind: 'google', clientId: 'id', clientSecret: 'a-secret', refreshToken: 'a-refresh-token' },
    { kind: 'calcom', apiKey: 'cal_key', eventTypes: {} },
  ].map((settings): Place => ({
    route: `PUT /v1/businesses/:business/calendars/:calendar, ${settings.kind}`,
    schema: CalendarSettings,
    body: () => settings,
    send: staff('PUT', of('/calendars/office')),
    read: null,
    isTried: true,
  })),
  {
    route: 'POST /v1/businesses/:business/people/export',
    schema: PersonRequest,
    body: () => ({ phone: '+13035550177' }),
    send: staff('POST', of('/people/export')),
  },
  {
    route: 'POST /v1/businesses/:business/people/erase',
    schema: ErasureRequest,
    body: () => ({ phone: '+13035550177' }),
    send: staff('POST', of('/people/erase')),
  },
];

async function setUp(): Promise<Company> {
  const set = await setUpCalls();
  await request('PUT', of('')(set), {
    headers: asStaff,
    body: { origins: [origin], crm, rateLimitPerMinute: 10_000, totalRateLimitPerMinute: 10_000 },
  });
  const id = v.object({ id: v.string() });
  const booking = { service: 'roof-inspection', at: '2035-03-07T09:00', attendee: { name: 'Ann' }, outsideHours: true };
  const booked = await staff('POST', of('/appointments'))(set, booking);
  const bookedBody: unknown = await booked.json();
  if (!booked.ok) throw new Error(inside(bookedBody));
  appointmentId = v.parse(id, bookedBody).id;
  const made = await staff('POST', of('/webhook-endpoints'))(set, { url: 'https://hooks.example.com/parley' });
  endpointId = v.parse(v.object({ endpoint: id }), await made.json()).endpoint.id;
  return set;
}

const tablesOf = ({ stub }: Company): Promise<unknown[]> =>
  runInDurableObject(stub, (_: Business, { storage: { sql } }) =>
    sql.exec("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name").toArray(),
  );

const ownTags = new Set('<!doctype <html <meta <title </title <style </style <h1 </h1 <p <b </b </p </html'.split(' '));

/** As JSON has it, so that signs which JSON escapes compare. */
const inside = (value: unknown): string => JSON.stringify(value);

describe('text that is meant to do harm', () => {
  it.each(places)(
    'is kept as it is or refused by the name of its field: $route',
    async ({ schema, body, send, read, hashed, isTried = false }) => {
      // Nobody is there; but a request that cannot be made is none.
      const away = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
        void new Request(input, init);
        return Promise.reject(new TypeError('Network connection lost.'));
      });
      onTestFinished(() => away.mockRestore());
      const set = await setUp();
      const tables = await tablesOf(set);
      let count = 0;
      const fields = textFields(schema, body(set, count));
      expect(fields.length).toBeGreaterThan(0);
      const plain = await send(set, body(set, (count += 1)));
      expect(plain.status).toBeLessThan(isTried ? 401 : 300);
      const wrong: string[] = [];
      const taken: { readonly what: string; readonly text: string }[] = [];
      const answers: unknown[] = [];
      for (const field of fields) {
        for (const [kind, harm] of Object.entries(hostile)) {
          count += 1;
          const text = `${harm} ${count}`;
          const response = await send(set, withField(body(set, count), field, text));
          const answer: unknown = await response.json().catch(() => null);
          if (response.ok) {
            if (field !== hashed) taken.push({ what: `${field} lost ${kind}`, text });
            answers.push(answer);
          } else {
            const problem = v.safeParse(Problem, answer);
            const named = problem.success ? (problem.output.error.field ?? '') : '';
            // Of what may be text or more, as a rule of a mapping, the whole is named.
            const isNamed = [400, 409].includes(response.status) && (named === field || field.startsWith(`${named}.`));
            // Some bodies may not be as long as that altogether.
            const isTooLong = kind === 'long' && response.status === 413;
            const isOfTheOther =
              isTried && response.status === 400 && problem.success && !inside(answer).includes(text);
            if (!isNamed && !isTooLong && !isOfTheOther) {
              wrong.push(`${field} ${kind}: ${response.status} ${inside(answer)}`.slice(0, 200));
            }
          }
        }
      }
      if (read !== null) {
        const shown = inside([answers, (await read?.(set)) ?? null]);
        wrong.push(...taken.flatMap(({ what, text }) => (shown.includes(inside(text).slice(1, -1)) ? [] : [what])));
      }
      expect(wrong).toEqual([]);
      expect(await tablesOf(set)).toEqual(tables);
      expect((await openSession(set.business)).callId).toBeTruthy();
    },
  );

  it.each([
    '/v1/businesses/:text/calls',
    '/v1/businesses/:business/calls/:text',
    '/v1/businesses/:business/calls?search=:text',
    '/v1/businesses/:business/calls?cursor=:text',
    '/v1/businesses/:business/calls?outcome=:text',
    '/v1/businesses/:business/contacts?search=:text',
    '/v1/businesses/:business/contacts/:text',
    '/v1/businesses/:business/companies?cursor=:text',
    '/v1/businesses/:business/appointments?fromMs=:text',
    '/v1/businesses/:business/do-not-call?after=:text',
    '/v1/businesses/:business/deliveries?status=:text',
    '/v1/businesses/:business/webhook-endpoints/:text',
    '/v1/businesses/:business/widget?locale=:text',
    '/v1/calls/outbound?business=:business&status=:text',
    '/v1/calls/outbound/:text?business=:business',
    '/v1/calendars/:text.ics',
    '/v1/appointments/:business/:text.ics',
    '/v1/transcripts/:business/:text?key=:text',
  ])('finds nothing, or is refused, in an address: %s', async (path) => {
    const { business } = await setUpCalls();
    for (const text of Object.values(hostile)) {
      const encoded = encodeURIComponent(text.toWellFormed());
      const address = path.replaceAll(':business', business).replaceAll(':text', encoded);
      const response = await request('GET', address, { headers: asStaff });
      const answer = await response.text();
      expect([address, [200, 400, 404].includes(response.status)]).toEqual([address, true]);
      if (!response.ok) expect(v.parse(Problem, JSON.parse(answer)).error.action).not.toBe('');
    }
  });

  it.each(Object.entries(hostile))('does none on pages, in calendars and in mail: %s', async (_, text) => {
    const { business, bundle } = await setUp();
    const attendee = { name: text.slice(0, 120).toWellFormed(), email: 'ann@example.com' };
    const wish = {
      service: 'roof-inspection',
      at: '2035-03-08T09:00',
      attendee,
      notes: attendee.name,
      outsideHours: true,
    };
    const booked = await request('POST', `/v1/businesses/${business}/appointments`, { headers: asStaff, body: wish });
    const { icsUrl } = v.parse(v.object({ icsUrl: v.string() }), await booked.json());
    callId = crypto.randomUUID();
    const utterance = text.slice(0, 4_000);
    const lead = leadFact({ ...reachableLead, name: attendee.name });
    await postEvents(
      business,
      callId,
      inOrder([callStart(bundle.hash), said(utterance), answered(utterance), lead, callEnd]),
    );

    const key = await transcriptKey(testBindings.MASTER_KEY, business, callId);
    const page = await request('GET', `/v1/transcripts/${business}/${callId}?key=${key}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    // Our own tags and no others.
    expect(new Set((await page.text()).match(/<[a-z!/][^\s>]*/gi))).toEqual(ownTags);

    const calendar = await (await request('GET', icsUrl.replace(testBindings.PUBLIC_URL, ''))).text();
    const { occurrences, faults } = readIcs(calendar, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }, 'UTC');
    expect([occurrences.length, faults]).toEqual([1, []]);
    expect(calendar.match(/^(?:BEGIN|Bcc)[;:].*$/gim)).toEqual(['BEGIN:VCALENDAR', 'BEGIN:VEVENT']);

    const mail = writeMime(
      {
        from: { name: attendee.name, email: 'office@summit.example' },
        to: attendee,
        subject: attendee.name,
        text,
        calendar: null,
        messageId: 'id@summit',
      },
      mondayMs,
    );
    const [head = ''] = mail.split('\r\n\r\n');
    expect(head.split(/\r\n(?! )/).map((line) => line.split(':')[0])).toEqual([
      'From',
      'To',
      'Subject',
      'Date',
      'Message-ID',
      'MIME-Version',
      'Auto-Submitted',
      'Content-Type',
      'Content-Transfer-Encoding',
    ]);
  });
});
