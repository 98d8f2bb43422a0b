import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CrmMessage } from '../../contract/crm-message.ts';
import { createDemoApp } from './app.ts';
import { Inbox } from './inbox-entry.ts';
import * as v from 'valibot';
import { LeadInbox } from './lead-inbox.ts';
import { loadSite } from './site.ts';
import { sampleLead } from '../test/sample-lead.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const callId = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';

function message(timestamp: string, score: number): CrmMessage {
  return {
    type: 'lead.updated',
    timestamp,
    data: {
      business: 'ridgeline-roofing',
      callId,
      lead: {
        name: 'Maria Lopez',
        answers: {},
        score,
        scoreReasons: [],
        stage: 'qualified',
        objections: [],
        askedAbout: [],
        tags: [],
      },
      appointments: [],
      call: { startMs: 1_000, endMs: null, endReason: null, outcome: null, transcript: [] },
    },
  };
}

let file: string;
let app: Hono;

async function start(): Promise<void> {
  app = createDemoApp({
    site: new Map([['/', { contentType: 'text/html; charset=utf-8', body: new TextEncoder().encode('<p>Roofs</p>') }]]),
    inbox: await LeadInbox.open(file),
    crmSecret: secret,
    parleyHost: 'https://parley.example',
    nowMs: () => 5_000,
  });
}

beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'parley-demo-')), 'crm', 'webhooks.jsonl');
  await start();
});

function post(body: string, { id = 'msg_1', signedAt = new Date(), key = secret } = {}): Promise<Response> {
  return Promise.resolve(
    app.request('/crm/webhook', {
      method: 'POST',
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
        'webhook-signature': new Webhook(key).sign(id, signedAt, body),
      },
    }),
  );
}

const leads = async (): Promise<Inbox['leads']> => v.parse(Inbox, await (await app.request('/crm/leads')).json()).leads;

const body = JSON.stringify(message('2026-11-23T10:00:00.000Z', 70));

describe('POST /crm/webhook', () => {
  it('keeps a signed lead', async () => {
    const response = await post(body);
    expect(response.status).toBe(200);
    expect(await leads()).toEqual([
      { latest: { webhookId: 'msg_1', receivedAtMs: 5_000, message: JSON.parse(body) }, deliveries: 1 },
    ]);
  });

  it.each([
    ['another key', () => post(body, { key: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['a time six minutes ago: a replay', () => post(body, { signedAt: new Date(Date.now() - 360_000) })],
    ['no signature at all', () => Promise.resolve(app.request('/crm/webhook', { method: 'POST', body }))],
  ])('refuses %s', async (_, send) => {
    const response = await send();
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    expect(await leads()).toEqual([]);
  });

  it('refuses a body that was changed after signing', async () => {
    const signedAt = new Date();
    const response = await app.request('/crm/webhook', {
      method: 'POST',
      body: body.replace('Maria', 'Mario'),
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign('msg_1', signedAt, body),
      },
    });
    expect(response.status).toBe(401);
  });

  it('takes the same delivery once, also when both come at the same time', async () => {
    const answers = await Promise.all([post(body), post(body), post(body)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1);
    expect((await leads())[0]?.deliveries).toBe(1);
  });

  it('refuses a body over 1 MB', async () => {
    const response = await post(JSON.stringify({ pad: 'x'.repeat(1_100_000) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'too-large' } });
  });

  it.each([
    ['signed JSON of another shape', JSON.stringify({ ...JSON.parse(body), type: 'lead.lost' }), 400, 'bad-request'],
    ['a signed body that is not JSON', 'lead=maria', 401, 'unauthorized'],
  ])('refuses %s', async (_, odd, status, code) => {
    const response = await post(odd);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  it('shows the newest message of a call, though an older one arrives later', async () => {
    await post(JSON.stringify(message('2026-11-23T10:05:00.000Z', 90)), { id: 'new' });
    await post(JSON.stringify(message('2026-11-23T10:00:00.000Z', 40)), { id: 'old' });
    const [lead] = await leads();
    expect(lead?.latest.message).toMatchObject({ data: { lead: { score: 90 } } });
    expect(lead?.deliveries).toBe(2);
  });

  it('keeps an appointment that staff booked, as it stands by now', async () => {
    const [appointment] = sampleLead.data.appointments;
    if (appointment === undefined) throw new Error('The sample has no appointment.');
    const changed = (status: 'booked' | 'cancelled', timestamp: string): string =>
      JSON.stringify({
        type: 'appointment.changed',
        timestamp,
        data: {
          business: 'ridgeline-roofing',
          appointment: { ...appointment, callId: null, status },
          changedAtMs: Date.parse(timestamp),
        },
      });
    await post(body);
    await post(changed('booked', '2026-11-23T10:00:00.000Z'), { id: 'booked' });
    await post(changed('cancelled', '2026-11-23T10:01:00.000Z'), { id: 'cancelled' });
    expect(await leads()).toMatchObject([
      {
        latest: { webhookId: 'cancelled', message: { data: { appointment: { status: 'cancelled' } } } },
        deliveries: 2,
      },
      { latest: { webhookId: 'msg_1' } },
    ]);
  });

  it('remembers over a restart, and past half a line of a killed server', async () => {
    await post(body);
    await appendFile(file, '{"webhookId":"msg_2","rec');
    await start();
    expect(await leads()).toHaveLength(1);
    expect(await (await post(body)).json()).toEqual({ status: 'known' });
    await post(JSON.stringify(message('2026-11-23T11:00:00.000Z', 10)), { id: 'msg_3' });
    await start();
    expect((await leads())[0]?.deliveries).toBe(2);
  });
});

describe('the site', () => {
  it('stands under a policy that lets in its own files and the widget’s host', async () => {
    const response = await app.request('/');
    expect(await response.text()).toBe('<p>Roofs</p>');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self' https://parley.example;");
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it.each(['/nothing', '/../package.json', '/%2e%2e/package.json'])('has nothing at %s', async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });

  it('names the host in its pages', async () => {
    const folder = new URL('../site', import.meta.url).pathname;
    const site = await loadSite(folder, 'https://parley.example');
    const page = new TextDecoder().decode(site.get('/')?.body);
    expect(page).toContain('src="https://parley.example/parley.js"');
    expect(page).not.toContain('{{');
    expect(site.get('/crm')).toBeDefined();
  });
});
