import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { CrmPreview } from '../../contract/crm-preview.ts';
import { asStaff, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, inOrder, leadFact, postEvents, reachableLead, said } from '../test/events.ts';

async function calledBusiness() {
  const { business, bundle } = await setUpBusiness();
  const { callId } = await openSession(business);
  const lead = { ...reachableLead, name: '<b>Ann</b>', stage: 'qualified' } as const;
  const facts = [callStart(bundle.hash), said('It leaks <script>'), leadFact(lead), callEnd];
  await postEvents(business, callId, inOrder(facts));
  const preview = async (id = callId): Promise<Response> =>
    request('GET', `/v1/businesses/${business}/crm/hubspot/preview/${id}`, { headers: asStaff });
  return { business, callId, preview };
}

describe('GET …/crm/:kind/preview/:callId', () => {
  it('shows what would be written, before any CRM is connected', async () => {
    const { callId, preview } = await calledBusiness();
    const { writes } = v.parse(CrmPreview, await (await preview()).json());
    expect(writes.map(({ object }) => object)).toEqual(['contact', 'deal', 'call', 'note']);
    expect(writes[0]?.body).toEqual({
      firstname: '<b>Ann</b>',
      phone: '+13035550123',
      parley_key: '+13035550123',
      hs_lead_status: 'OPEN_DEAL',
    });
    expect(writes[2]?.body).toMatchObject({ hs_timestamp: String(mondayMs), parley_key: callId });
  });

  it('answers 404 for a call there is not', async () => {
    const { preview } = await calledBusiness();
    expect((await preview(crypto.randomUUID())).status).toBe(404);
  });
});

describe('the link to a transcript', () => {
  it('opens what was said, as text and never as markup, and nothing without its key', async () => {
    const { preview } = await calledBusiness();
    const { writes } = v.parse(CrmPreview, await (await preview()).json());
    const note = String(writes[3]?.body['hs_note_body']);
    const path = /https:\/\/parley\.test(\/v1\/transcripts\/[^<]+)/.exec(note)?.[1] ?? '';
    const page = await request('GET', path);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain('It leaks &lt;script&gt;');
    expect(html).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect((await request('GET', path.slice(0, -1))).status).toBe(404);
    expect((await request('GET', path.replace(/key=.*/, ''))).status).toBe(404);
  });
});

describe('a connection', () => {
  it('is staff’s alone, and only to CRMs that are known', async () => {
    const { business } = await setUpBusiness();
    expect((await request('GET', `/v1/businesses/${business}/crm`)).status).toBe(401);
    const path = `/v1/businesses/${business}/crm/sugar`;
    const answer = await request('PUT', path, { headers: asStaff, body: {} });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('webhook');
  });

  it('needs credentials the first time', async () => {
    const { business } = await setUpBusiness();
    const answer = await request('PUT', `/v1/businesses/${business}/crm/hubspot`, { headers: asStaff, body: {} });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('not connected');
  });
});
