import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { CallRecord } from '../../contract/call-record.ts';
import { ContactList } from '../../contract/contact.ts';
import { DeliveryList } from '../../contract/delivery.ts';
import { ProjectionReport } from '../../contract/projection-check.ts';
import { Appointment } from '../../contract/scheduling.ts';
import { SavedAccount } from '../vendors/account.ts';
import type { Evidence, Testimony } from './evidence.ts';
import { calendarAccount, type World } from './world.ts';

/** What still waits somewhere: empty when all that was under way has arrived, or has been given up. */
export async function unsettled(world: World): Promise<string[]> {
  const waiting: string[] = [];
  const outbox = new DatabaseSync(world.outboxFile, { readOnly: true });
  const { n } = v.parse(v.object({ n: v.number() }), outbox.prepare('SELECT COUNT(*) AS n FROM calls').get());
  outbox.close();
  if (n > 0) waiting.push(`${n} calls in the outbox`);
  const { destinations } = await world.product.staff.ask(DeliveryList, '/deliveries?limit=1');
  for (const { destination, queued, retrying, dead } of destinations) {
    if (queued + retrying > 0) waiting.push(`${queued + retrying} deliveries to ${destination}`);
    if (dead > 0) waiting.push(`${dead} dead deliveries to ${destination}`);
  }
  return waiting;
}

/** Everything that the judge needs, from wherever it is kept. */
export async function gather(world: World, testimonies: readonly Testimony[], capacity: number): Promise<Evidence> {
  const { staff, crm } = world.product;
  const records = new Map<string, CallRecord>();
  for (const { callId } of testimonies) {
    const record = await staff.ask(CallRecord, `/calls/${callId}`).catch(() => null);
    if (record !== null) records.set(callId, record);
  }
  const appointments = new Map<string, Appointment>();
  for (const record of records.values()) for (const one of record.appointments) appointments.set(one.id, one);
  const standing = await staff.ask(v.object({ appointments: v.array(Appointment) }), '/appointments');
  for (const one of standing.appointments) appointments.set(one.id, one);
  const account = v.parse(SavedAccount, await (await fetch(`${world.crmUrl}/saved`)).json());
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const { differences } = await staff.ask(ProjectionReport, '/projections', { mode: 'check' });
  return {
    testimonies,
    sent: world.sent,
    asked: world.asked,
    records,
    appointments: [...appointments.values()],
    capacity,
    contacts: await contacts(world),
    crm: account.objects.map(({ type, fields }) => ({
      type,
      email: text(fields['email']),
      callId: text(fields['parley_key']),
    })),
    violations: account.violations,
    messages: crm.received.map(({ webhookId, message: { type, data } }) => ({
      callId: data.callId,
      webhookId,
      type,
      endReason: data.call.endReason,
    })),
    entries: await entries(world),
    differences: differences.map(({ table }) => table),
    unsettled: await unsettled(world),
  };
}

async function contacts({ product: { staff } }: World): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: ContactList = await staff.ask(ContactList, `/contacts${cursor === '' ? '' : `?cursor=${cursor}`}`);
    found.push(...page.contacts.flatMap(({ email }) => (email === null ? [] : [email])));
    cursor = page.nextCursor;
  }
  return found;
}

/** The calendar elsewhere, as it stands there. */
async function entries({ calendarUrl }: World): Promise<{ appointmentId: string; startMs: number }[]> {
  const { username, password } = calendarAccount;
  const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
  const ics = await (await fetch(calendarUrl, { headers })).text();
  return ics
    .replaceAll(/\r?\n[ \t]/g, '')
    .split('BEGIN:VEVENT')
    .slice(1)
    .flatMap((entry) => {
      const [, appointmentId] = /^UID:([0-9a-f-]{36})@/m.exec(entry) ?? [];
      const [, start] = /^DTSTART(?:;[^:]*)?:(\d{8}T\d{6}Z)/m.exec(entry) ?? [];
      return appointmentId === undefined ? [] : [{ appointmentId, startMs: start === undefined ? NaN : utcMs(start) }];
    });
}

const utcMs = (text: string): number =>
  Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
