import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { DeliveryList, type ListedDelivery } from '../../contract/delivery.ts';
import { Removal } from '../../contract/privacy.ts';
import { Appointment } from '../../contract/scheduling.ts';
import type { Business } from '../business/business.ts';
import { asNode, asStaff, crm, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { connectedBusiness } from '../test/crm-call.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import { isDescribed, vendorAccount, type VendorState } from '../test/vendor-account.ts';

const dayMs = 86_400_000;
const ann = { name: 'Ann Miller', phone: '+13035550123', email: 'ann@example.com' };
const wish = { service: 'roof-inspection', at: '2035-03-12T09:00', requestId: 'one', attendee: ann };

async function asked(business: string, below: string, body?: object): Promise<Appointment> {
  const path = `/v1/businesses/${business}/appointments${below}`;
  const answer = await request('POST', path, { headers: asStaff, ...(body === undefined ? {} : { body }) });
  return v.parse(Appointment, await answer.json());
}

async function deliveriesOf(business: string): Promise<ListedDelivery[]> {
  const answer = await request('GET', `/v1/businesses/${business}/deliveries`, { headers: asStaff });
  return v.parse(DeliveryList, await answer.json()).deliveries;
}

/** Waits until that many were told, and no more. */
async function told(business: string, count: number): Promise<ListedDelivery[]> {
  return vi.waitFor(
    async () => {
      const deliveries = await deliveriesOf(business);
      expect(deliveries.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'delivered'));
      return deliveries;
    },
    { timeout: 20_000, interval: 20 },
  );
}

const vendors = [
  {
    kind: 'hubspot',
    connection: {},
    types: { contact: 'contacts', deal: 'deals', note: 'notes' },
    stages: { field: 'dealstage', booked: 'appointmentscheduled', cancelled: 'qualifiedtobuy' },
    title: 'dealname',
    text: 'hs_note_body',
    lostOn: 'POST /crm/v3/objects/notes/batch/upsert',
  },
  {
    kind: 'pipedrive',
    connection: {},
    types: { contact: 'persons', deal: 'deals', note: 'notes' },
    stages: { field: 'status', booked: 'open', cancelled: 'open' },
    title: 'title',
    text: 'content',
    lostOn: 'POST /v1/notes',
  },
  {
    kind: 'salesforce',
    connection: { instanceUrl: 'https://summit.my.salesforce.com' },
    types: { contact: 'Contact', deal: 'Opportunity', note: 'Note' },
    stages: { field: 'StageName', booked: 'Needs Analysis', cancelled: 'Qualification' },
    title: 'Name',
    text: 'Body',
    lostOn: 'POST /services/data/v62.0/sobjects/Note',
  },
] as const;

for (const { kind, connection, types, stages, title, text, lostOn } of vendors) {
  describe.skipIf(kind !== 'salesforce' && !(await isDescribed(kind)))(`what staff book, in ${kind}`, () => {
    async function connected() {
      const account = await vendorAccount();
      const credentials = { type: 'token', token: account.token };
      const set = await connectedBusiness(kind, { credentials, ...connection });
      expect(await set.answer.json()).toEqual({ status: 'ok' });
      return { ...set, account };
    }
    const only = ({ objects }: VendorState, type: string): VendorState['objects'][number] => {
      const found = objects.filter((object) => object.type === type);
      expect(found).toHaveLength(1);
      return found[0]!;
    };

    it('is a contact, a deal and a note with the next step, each once, and as it stands after each change', async () => {
      const { business, account } = await connected();
      await account.behave({ faults: [{ on: lostOn, times: 1, outcome: { type: 'lost' } }] });
      const { id } = await asked(business, '', wish);
      await asked(business, '', wish);
      expect(await told(business, 1)).toMatchObject([{ callId: null, appointmentId: id, type: 'appointment.changed' }]);
      const booked = await account.read();
      expect(booked.violations).toEqual([]);
      expect(booked.objects).toHaveLength(3);
      const contact = only(booked, types.contact);
      expect(JSON.stringify(contact.fields)).toContain('ann@example.com');
      expect(only(booked, types.deal)).toMatchObject({
        fields: { [title]: 'Free roof inspection for Ann Miller', [stages.field]: stages.booked },
      });
      expect(String(only(booked, types.note).fields[text])).toContain(
        'Booked by staff: Free roof inspection for Ann Miller, 2035-03-12 09:00 America/Denver.',
      );
      for (let times = 0; times < 2; times += 1) await asked(business, `/${id}/move`, { at: '2035-03-13T10:00' });
      await told(business, 2);
      expect(String(only(await account.read(), types.note).fields[text])).toContain('2035-03-13 10:00');
      for (let times = 0; times < 2; times += 1) await asked(business, `/${id}/cancel`);
      await told(business, 3);
      const cancelled = await account.read();
      expect(cancelled.objects).toHaveLength(3);
      expect(only(cancelled, types.deal).fields[stages.field]).toBe(stages.cancelled);
      expect(String(only(cancelled, types.note).fields[text])).toContain('Cancelled: Free roof inspection');
      expect(cancelled.violations).toEqual([]);
    });

    it('goes when the customer is erased there', async () => {
      const { business, account } = await connected();
      await asked(business, '', wish);
      await told(business, 1);
      const body = { phone: ann.phone, crm: true };
      const answer = await request('POST', `/v1/businesses/${business}/people/erase`, { headers: asStaff, body });
      const { crm: outcomes, removed } = v.parse(Removal, await answer.json());
      expect(removed).toMatchObject({ appointments: 1, deliveries: 1 });
      expect(await deliveriesOf(business)).toEqual([]);
      // Salesforce deletes nothing by request: the owner is told what there is.
      expect(outcomes).toEqual([{ kind, outcome: kind === 'salesforce' ? 'for-the-owner' : 'erased' }]);
      if (kind !== 'salesforce') expect((await account.read()).objects).toEqual([]);
    });
  });
}

describe('what staff book, at the CRM webhook', () => {
  it('is told of each change once, also of those that its customer makes on a call', async () => {
    const { business } = await setUpBusiness({}, { crm });
    const receiver = startReceiver();
    const { id } = await asked(business, '', wish);
    const onCall = { business, callId: crypto.randomUUID(), requestId: 'one', appointmentId: id };
    for (const change of ['confirm', 'cancel', 'cancel'])
      await request('POST', `/v1/node/appointments/${change}`, { headers: asNode, body: onCall });
    await told(business, 3);
    expect(receiver.appointments.map(({ data: { appointment } }) => appointment)).toMatchObject([
      { id, callId: null, status: 'booked', attendee: ann },
      { id, status: 'booked', confirmedAtMs: mondayMs },
      { id, status: 'cancelled' },
    ]);
    expect([receiver.received, receiver.faults]).toEqual([[], []]);
  });

  it('is kept for its time, and its customer too', async () => {
    const { business, stub, setClock } = await setUpBusiness({}, { crm });
    startReceiver();
    const all = { transcripts: null, recordings: null, contacts: 30, events: null, deliveries: 10, inbox: null };
    const rules = { all, regions: { eu: { contacts: 1, deliveries: 1 } } };
    await request('PUT', `/v1/businesses/${business}/retention`, { headers: asStaff, body: rules });
    await asked(business, '', wish);
    await told(business, 1);
    const after = async (days: number): Promise<unknown> => {
      await setClock(mondayMs + days * dayMs);
      await runDurableObjectAlarm(stub);
      return runInDurableObject(stub, (instance: Business) => {
        const listed = instance.appointmentDesk().list(mondayMs);
        return listed.ok ? listed.value.appointments.map(({ attendee }) => attendee.name) : [];
      });
    };
    expect(await after(9)).toEqual(['Ann Miller']);
    expect(await deliveriesOf(business)).toHaveLength(1);
    expect(await after(12)).toEqual(['Ann Miller']);
    expect(await deliveriesOf(business)).toEqual([]);
    expect(await after(40)).toEqual(['Erased']);
  });
});
