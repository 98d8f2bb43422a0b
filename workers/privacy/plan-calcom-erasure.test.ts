import { runInDurableObject } from 'cloudflare:test';
import { expect, it, onTestFinished, vi } from 'vitest';
import * as v from 'valibot';
import { NoticeList } from '../../contract/notice.ts';
import { Removal } from '../../contract/privacy.ts';
import type { Business } from '../business/business.ts';
import { dropLink } from '../business/calendar-links.ts';
import { asStaff, request, setUpBusiness } from '../test/control-plane.ts';
import { callOfPhilippa, inspectionMs, philippa } from '../test/full-call.ts';

/** Cal.com, with nothing booked but what Parley books. */
function startCalCom(): void {
  const times = { start: new Date(inspectionMs).toISOString(), end: new Date(inspectionMs + 3_600_000).toISOString() };
  const booking = { uid: 'bk_1', status: 'accepted', ...times };
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { url, method } = new Request(input instanceof Request ? input : String(input), init);
    const isList = method === 'GET' && url.includes('/v2/bookings?');
    const answer = isList ? { data: [], pagination: { hasNextPage: false } } : { data: booking };
    return Response.json({ status: 'success', ...answer }, { status: method === 'POST' ? 201 : 200 });
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
}

/** Somebody whose appointment stands in Cal.com. */
async function bookedThere() {
  const { business, bundle, stub } = await setUpBusiness();
  startCalCom();
  const path = `/v1/businesses/${business}`;
  const body = { kind: 'calcom', apiKey: 'cal_test', eventTypes: { 'roof-inspection': 7 } };
  await request('PUT', `${path}/calendars/office`, { headers: asStaff, body });
  await callOfPhilippa(business, bundle.hash);
  const links = () =>
    runInDurableObject(stub, (_: Business, { storage: { sql } }) =>
      sql
        .exec<{ appointment_id: string }>('SELECT appointment_id FROM calendar_links WHERE remote_id IS NOT NULL')
        .toArray()
        .map((row) => row.appointment_id),
    );
  const [appointmentId = ''] = await vi.waitFor(async () => {
    const found = await links();
    expect(found).toHaveLength(1);
    return found;
  });
  const erase = async (): Promise<{ removal: Removal; texts: string[] }> => {
    const answer = await request('POST', `${path}/people/erase`, { headers: asStaff, body: { phone: philippa.phone } });
    const notices = await request('GET', `${path}/notices`, { headers: asStaff });
    const texts = v.parse(NoticeList, await notices.json()).notices.map(({ text }) => text);
    return { removal: v.parse(Removal, await answer.json()), texts };
  };
  return { stub, appointmentId, erase };
}

it('says that a booking in Cal.com is the owner’s to delete, and names nobody', async () => {
  const { removal, texts } = await (await bookedThere()).erase();
  expect(removal).toMatchObject({ status: 'done', crm: [{ kind: 'calcom', outcome: 'for-the-owner' }] });
  expect(texts).toEqual([expect.stringContaining('delete booking bk_1 there by hand')]);
  expect(texts.join().toLowerCase()).not.toContain('quimby');
});

it('says so of one that was cancelled there as well', async () => {
  const { stub, appointmentId, erase } = await bookedThere();
  await runInDurableObject(stub, (_: Business, { storage: { sql } }) => dropLink(sql, 'office', appointmentId));
  const { removal, texts } = await erase();
  expect(removal.crm).toEqual([{ kind: 'calcom', outcome: 'for-the-owner' }]);
  expect(texts).toEqual([expect.stringContaining(`the booking for ${new Date(inspectionMs).toISOString()}`)]);
});
