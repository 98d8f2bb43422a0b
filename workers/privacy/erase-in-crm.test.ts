import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { NoticeList } from '../../contract/notice.ts';
import { Removal } from '../../contract/privacy.ts';
import type { Business } from '../business/business.ts';
import { asStaff, request } from '../test/control-plane.ts';
import { connectedBusiness, settledAs } from '../test/crm-call.ts';
import { callEnd, leadFact, said } from '../test/events.ts';
import { philippa } from '../test/full-call.ts';
import { isDescribed, vendorAccount } from '../test/vendor-account.ts';

const lead = { ...philippa, stage: 'qualified' } as const;

async function written(kind: 'hubspot' | 'pipedrive') {
  const account = await vendorAccount();
  const set = await connectedBusiness(kind, { credentials: { type: 'token', token: account.token } });
  const { callId } = await set.call([said('My uncle lives in Zanzibar.'), leadFact(lead), callEnd]);
  await settledAs(set.business, callId, 'delivered');
  return { ...set, account };
}

async function erase(business: string): Promise<Removal> {
  const body = { phone: philippa.phone, crm: true };
  const answer = await request('POST', `/v1/businesses/${business}/people/erase`, { headers: asStaff, body });
  return v.parse(Removal, await answer.json());
}

async function notices(business: string): Promise<NoticeList['notices']> {
  const answer = await request('GET', `/v1/businesses/${business}/notices`, { headers: asStaff });
  return v.parse(NoticeList, await answer.json()).notices;
}

for (const kind of ['hubspot', 'pipedrive'] as const) {
  describe.skipIf(!(await isDescribed(kind)))(`erasure in ${kind}, where its API description is at hand`, () => {
    it('takes away the contact and all that was written with it, by its own description', async () => {
      const { business, account } = await written(kind);
      expect((await account.read()).objects.length).toBeGreaterThan(2);
      expect(await erase(business)).toMatchObject({ status: 'done', crm: [{ kind, outcome: 'erased' }] });
      const { objects, violations } = await account.read();
      expect(objects).toEqual([]);
      expect(violations).toEqual([]);
      expect(await notices(business)).toEqual([]);
    });

    it('is asked for once where a request and the alarm meet, and its proof stays', async () => {
      const { business, account, stub } = await written(kind);
      const [on, deletion] =
        kind === 'hubspot'
          ? ['POST /crm/v3/objects/contacts/gdpr', 'POST /crm/v3/objects/contacts/gdpr-delete']
          : ['DELETE /api/v2/persons', 'DELETE /api/v2/persons'];
      await account.behave({ faults: [{ on, times: 1, outcome: { type: 'answer', status: 503, body: {} } }] });
      await erase(business);
      const deletions = async (): Promise<number> =>
        (await account.read()).requests.filter((asked) => asked.startsWith(deletion)).length;
      const before = await deletions();
      await runInDurableObject(stub, async (instance: Business) => {
        await Promise.all([instance.people().duties().erasures(), instance.people().duties().erasures()]);
        await instance.people().duties().erasures();
      });
      expect((await deletions()) - before).toBe(1);
      const removals = await request('GET', `/v1/businesses/${business}/removals`, { headers: asStaff });
      expect(await removals.json()).toMatchObject({
        removals: [{ status: 'done', crm: [{ kind, outcome: 'erased' }] }],
      });
    });

    it('is tried again where it does not answer, and left to the owner where it refuses', async () => {
      const { business, account, stub } = await written(kind);
      const answer = (status: number) => ({ type: 'answer', status, body: {} }) as const;
      const [on, times] =
        kind === 'hubspot' ? ['POST /crm/v3/objects/contacts/gdpr', 1] : ['DELETE /api/v2/persons', 1];
      await account.behave({ faults: [{ on, times, outcome: answer(503) }] });
      expect(await erase(business)).toMatchObject({ status: 'running', crm: [{ kind, outcome: 'waiting' }] });
      await account.behave({ faults: [{ on, times, outcome: answer(403) }] });
      await runDurableObjectAlarm(stub);
      const removals = await request('GET', `/v1/businesses/${business}/removals`, { headers: asStaff });
      expect(await removals.json()).toMatchObject({
        removals: [{ status: 'done', crm: [{ kind, outcome: 'for-the-owner' }] }],
      });
      expect(await notices(business)).toMatchObject([
        { kind: 'erase-by-hand', text: expect.stringContaining('delete it there by hand') },
      ]);
    });
  });
}

it('is the owner’s where nothing was written there, or the CRM has no way to do it', async () => {
  const account = await vendorAccount();
  const credentials = { type: 'token', token: account.token };
  const { business, call } = await connectedBusiness('salesforce', {
    credentials,
    instanceUrl: 'https://parley.my.salesforce.com',
  });
  await call([leadFact(lead)]);
  await erase(business);
  const found = await notices(business);
  expect(found.length).toBeGreaterThan(0);
  for (const { kind, text } of found) {
    expect(kind).toBe('erase-by-hand');
    expect(text).toContain('Salesforce');
    expect(text.toLowerCase()).not.toContain('quimby');
  }
});
