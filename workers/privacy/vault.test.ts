import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Business } from '../business/business.ts';
import { wrappedKey } from '../business/data-key.ts';
import { migrate } from '../business/migrate.ts';
import { asStaff, callRecord, crm, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { settledAs } from '../test/crm-call.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import { callOfPhilippa, philippa, tracesOfPhilippa, tracesOfSecrets } from '../test/full-call.ts';
import { testMasterKeys } from '../test/master-keys.ts';
import { turnBack } from '../test/older-storage.ts';
import { storageText } from '../test/storage-text.ts';
import { SealError } from './seal-error.ts';
import { readMasterKey, wrapperOf } from './sealed.ts';
import { vaultOf } from './vault.ts';

const traces = [...tracesOfPhilippa, ...tracesOfSecrets];

/** Without what is on its way to others meanwhile. */
async function recordOf(business: string, callId: string): Promise<Omit<CallRecord, 'deliveries'>> {
  const { deliveries: _, ...rest } = await callRecord(business, callId);
  return rest;
}

describe('the storage of a business', () => {
  it('holds nothing that can be read of a finished call, in any table, and no secret', async () => {
    const { business, bundle, stub } = await setUpBusiness({}, { crm });
    startReceiver();
    const callId = await callOfPhilippa(business, bundle.hash);
    await settledAs(business, callId, 'delivered');
    await request('POST', `/v1/businesses/${business}/do-not-call`, {
      headers: asStaff,
      body: { number: philippa.phone, note: 'Philippa wrote to us' },
    });
    const record = await callRecord(business, callId);
    expect(record.appointments).toHaveLength(1);
    expect(record.deliveries.length).toBeGreaterThan(1);
    for (const trace of ['philippa', 'zanzibar', 'slate', '3035550188', 'call-me-maybe']) {
      expect(JSON.stringify(record).toLowerCase()).toContain(trace);
    }
    const stored = await storageText(stub);
    expect(stored).toContain(callId);
    expect(traces.filter((trace) => stored.includes(trace))).toEqual([]);
  });

  it('is sealed little by little where an older version wrote it, and is readable all the while', async () => {
    const { business, bundle, stub } = await setUpBusiness({}, { crm });
    startReceiver();
    const callId = await callOfPhilippa(business, bundle.hash);
    await settledAs(business, callId, 'delivered');
    const before = await recordOf(business, callId);
    await runInDurableObject(stub, (_: Business, { storage }) => turnBack(storage, 15));
    const plain = await storageText(stub);
    expect(traces.filter((trace) => !plain.includes(trace))).toEqual([]);
    await runInDurableObject(stub, (_: Business, { storage }) => migrate(storage, testMasterKeys, mondayMs));
    expect(await recordOf(business, callId)).toEqual(before);
    const found = await request('GET', `/v1/businesses/${business}/contacts?search=quimby`, { headers: asStaff });
    expect(await found.json()).toMatchObject({
      contacts: [{ id: callId, name: philippa.name, phone: philippa.phone }],
    });
    // Killed before it had sealed anything: a new start goes on with it, and the alarm.
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    const stored = await storageText(stub);
    expect(traces.filter((trace) => stored.includes(trace))).toEqual([]);
    expect(await recordOf(business, callId)).toEqual(before);
    const check = await request('POST', `/v1/businesses/${business}/projections`, {
      headers: asStaff,
      body: { mode: 'check' },
    });
    expect(await check.json()).toMatchObject({ differences: [] });
  });

  it('is not believed where something else wrote to it', async () => {
    const { business, stub } = await setUpBusiness();
    const { callId } = await openSession(business);
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      const sealed = vaultOf(sql).seal('leads.name', { call_id: callId }, 'Ann');
      expect(vaultOf(sql).open('leads.name', { call_id: callId }, sealed)).toBe('Ann');
      expect(() => vaultOf(sql).open('leads.name', { call_id: callId }, 'Ann')).toThrow(SealError);
      expect(() => vaultOf(sql).open('call_backs.reason', { call_id: callId }, sealed)).toThrow('for another purpose');
      expect(() => vaultOf(sql).open('leads.name', { call_id: crypto.randomUUID() }, sealed)).toThrow('destroyed');
      const changed = new Uint8Array(sealed.slice(0));
      changed[20] = (changed[20] ?? 0) ^ 1;
      expect(() => vaultOf(sql).open('leads.name', { call_id: callId }, changed.buffer)).toThrow(SealError);
    });
  });

  it('loses what was sealed for a call with the key of the call, and keeps no key that was made in vain', async () => {
    const { business, stub } = await setUpBusiness();
    const { callId } = await openSession(business);
    await runInDurableObject(stub, (_: Business, { storage }) => {
      const { sql } = storage;
      const other = crypto.randomUUID();
      expect(() =>
        storage.transactionSync(() => {
          vaultOf(sql).seal('leads.name', { call_id: other }, 'Ann');
          throw new Error('undone');
        }),
      ).toThrow('undone');
      const sealed = vaultOf(sql).seal('leads.name', { call_id: other }, 'Ann');
      expect(vaultOf(sql).open('leads.name', { call_id: other }, sealed)).toBe('Ann');
      vaultOf(sql).destroy(other);
      expect(() => vaultOf(sql).open('leads.name', { call_id: other }, sealed)).toThrow('has been destroyed');
      expect(vaultOf(sql).open('consents.user_agent', { call_id: callId }, userAgent(sql, callId))).toBe('');
    });
  });
});

const userAgent = (sql: SqlStorage, callId: string): ArrayBuffer =>
  sql.exec<{ user_agent: ArrayBuffer }>('SELECT user_agent FROM consents WHERE call_id = ?', callId).one().user_agent;

describe('a new master key', () => {
  const present = readMasterKey(btoa('another key of exactly 32 bytes!'));

  it('wraps what the former one wrapped, while both are set', async () => {
    const { business, bundle, stub } = await setUpBusiness({}, { crm });
    startReceiver();
    const callId = await callOfPhilippa(business, bundle.hash);
    await settledAs(business, callId, 'delivered');
    const before = await recordOf(business, callId);
    await runInDurableObject(stub, (_: Business, { storage }) => {
      migrate(storage, { present, former: testMasterKeys.present }, mondayMs);
      expect(wrapperOf(wrappedKey(storage.sql) ?? '')).toBe(present.id);
    });
    expect(await recordOf(business, callId)).toEqual(before);
    await runInDurableObject(stub, (_: Business, { storage }) => {
      expect(() => migrate(storage, testMasterKeys, mondayMs)).toThrow(`sealed under master key ${present.id}`);
      migrate(storage, { present: testMasterKeys.present, former: present }, mondayMs);
    });
    const key = await request('GET', `/v1/businesses/${business}/key`, { headers: asStaff });
    expect(await key.json()).toEqual({ business, masterKey: testMasterKeys.present.id });
    expect(await recordOf(business, callId)).toEqual(before);
  });

  it('alone opens nothing, and the answer says which is missing', async () => {
    const { business, stub } = await setUpBusiness();
    await runInDurableObject(stub, (_: Business, { storage }) => {
      migrate(storage, { present, former: testMasterKeys.present }, mondayMs);
    });
    await evictDurableObject(stub);
    const response = await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { code: 'unavailable', message: expect.stringContaining(`under master key ${present.id}`) },
    });
  });
});
