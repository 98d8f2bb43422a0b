import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { Business } from '../business/business.ts';
import { addDoNotCall, isDoNotCall, listDoNotCall } from '../telephony/calls/do-not-call.ts';
import { mondayMs, setUpBusiness } from '../test/control-plane.ts';
import { failedOrWaiting, failWebhook, keepWebhook } from '../webhooks/inbox.ts';
import { applyPersonChange, knownPerson } from '../webhooks/people.ts';
import type { WebhookSource } from '../../contract/webhook.ts';
import { eraseFromInbox } from './erase-from-inbox.ts';
import { erasePerson } from './erase-person.ts';
import { findPerson } from './find-person.ts';
import { markRemovedPerson, removedPerson } from './removed-people.ts';

const dana = { phone: '+13035550171', email: 'dana@gmail.com' };

const contact = (id: string, data: Record<string, unknown>): string =>
  JSON.stringify({ type: 'contact.updated', timestamp: '2035-03-05T17:00:00Z', data: { id, ...data } });

/** Erases Dana from an inbox, and says what it holds afterwards. */
async function erasedFrom(
  hooks: readonly { source: WebhookSource; body: string; failed?: boolean }[],
  look: (sql: SqlStorage) => void = () => {},
): Promise<{ removed: number; left: string[] }> {
  const { stub } = await setUpBusiness();
  return runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    hooks.forEach(({ source, body, failed }, index) => {
      const id = keepWebhook(sql, { source, replayKey: String(index), body, nowMs: mondayMs + index });
      if (failed === true && id !== null) failWebhook(sql, id, 'not understood', mondayMs);
    });
    const removed = eraseFromInbox(sql, new Set(Object.values(dana)), mondayMs);
    look(sql);
    return { removed, left: failedOrWaiting(sql).map(({ body }) => body) };
  });
}

describe('an inbox that somebody is erased from', () => {
  it('keeps what is of others, also where they have the same mail provider', async () => {
    const others = [
      contact('1', { name: 'Bob', email: 'bob@gmail.com' }),
      contact('2', { name: 'Jordana', email: 'jordana@gmail.com' }),
    ].map((body) => ({ source: 'standard', body }) as const);
    const unreadable = { source: 'standard', body: '{"who":"jordana@gmail.com"}', failed: true } as const;
    expect(await erasedFrom([...others, unreadable])).toEqual({
      removed: 0,
      left: [...others, unreadable].map(({ body }) => body),
    });
  });

  it('forgets theirs, and takes over what the same webhook says of others', async () => {
    const change = (objectId: number, propertyName: string, propertyValue: string) => ({
      objectId,
      subscriptionType: 'contact.propertyChange',
      occurredAt: mondayMs,
      propertyName,
      propertyValue,
    });
    const name = JSON.stringify([change(7, 'firstname', 'Dana'), change(8, 'phone', '+13035550172')]);
    const number = JSON.stringify([change(7, 'phone', dana.phone), change(8, 'firstname', 'Bob')]);
    const hooks = [name, number].map((body) => ({ source: 'hubspot', body }) as const);
    const after = await erasedFrom(hooks, (sql) => {
      expect(removedPerson(sql, 'hubspot', '7')).not.toBe(null);
      expect(removedPerson(sql, 'hubspot', '8')).toBe(null);
      expect(knownPerson(sql, '+13035550172')).toMatchObject({ name: 'Bob' });
    });
    expect(after).toEqual({ removed: 2, left: [] });
  });

  it('forgets one that cannot be read and names them', async () => {
    const body = '{"who":"Dana <dana@gmail.com>"}';
    expect(await erasedFrom([{ source: 'standard', body, failed: true }])).toEqual({ removed: 1, left: [] });
  });

  it('still has Cal.com asked what changed, of them and of others', async () => {
    const booking = (email: string): string =>
      JSON.stringify({ triggerEvent: 'BOOKING_CANCELLED', payload: { attendees: [{ email }] } });
    const hooks = [booking(dana.email), booking('bob@gmail.com')].map((body) => ({ source: 'calcom', body }) as const);
    expect(await erasedFrom(hooks)).toEqual({ removed: 1, left: ['{}', booking('bob@gmail.com')] });
  });
});

describe('somebody who was erased, and asks another system not to be called', () => {
  it('is on the list, by the hash of the number alone', async () => {
    const { stub } = await setUpBusiness();
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      markRemovedPerson(sql, 'standard', '7', { phoneKey: null, mobileKey: null });
      const change = { remoteId: '7', deleted: false, atMs: mondayMs };
      applyPersonChange(sql, 'standard', { ...change, fields: { name: 'Dana', phone: dana.phone } }, mondayMs);
      expect(isDoNotCall(sql, dana.phone)).toBe(false);
      const fields = { name: 'Dana', phone: dana.phone, doNotCall: true };
      applyPersonChange(sql, 'standard', { ...change, fields }, mondayMs);
      expect(isDoNotCall(sql, dana.phone)).toBe(true);
      expect(listDoNotCall(sql, '').entries).toEqual([]);
      expect(knownPerson(sql, dana.phone)).toBe(null);
      // Who asks us ourselves afterwards is listed as anybody is.
      addDoNotCall(sql, { number: dana.phone, sinceMs: mondayMs, source: 'staff', callId: null, note: null });
      expect(listDoNotCall(sql, '').entries).toMatchObject([{ number: dana.phone }]);
    });
  });

  it('is known by it where the other system, as HubSpot, then says nothing but this', async () => {
    const { stub } = await setUpBusiness();
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      const change = { remoteId: '7', deleted: false, atMs: mondayMs };
      applyPersonChange(sql, 'hubspot', { ...change, fields: dana }, mondayMs);
      erasePerson(sql, findPerson(sql, { email: dana.email }), mondayMs);
      expect(isDoNotCall(sql, dana.phone)).toBe(false);
      applyPersonChange(sql, 'hubspot', { ...change, fields: { doNotCall: true } }, mondayMs);
      expect(isDoNotCall(sql, dana.phone)).toBe(true);
      expect(listDoNotCall(sql, '').entries).toEqual([]);
    });
  });
});
