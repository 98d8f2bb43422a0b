import type { ErasureRequest, Removal } from '../../contract/privacy.ts';
import type { Alarm } from '../business/alarm.ts';
import type { CrmDesk } from '../business/crm-desk.ts';
import type { RecordingDesk } from '../recordings/recording-desk.ts';
import { eraseCall } from './erase-call.ts';
import { crmOutcomes, eraseInCrms, forgetCrmErasure, planCrmErasure } from './erase-in-crm.ts';
import { erasePerson } from './erase-person.ts';
import { findPerson } from './find-person.ts';
import {
  beginRemoval,
  callDone,
  finishRemoval,
  nextCall,
  noteCrm,
  noteRemoved,
  readRemoval,
  runningFor,
  runningRemovals,
} from './removals.ts';
import { vaultOf } from './vault.ts';

/** Calls that one request, or one ring of the alarm, goes through. */
const callsAtOnce = 50;
/** Until an erasure that was interrupted, or waits for a CRM, goes on. */
const againMs = 30_000;

export interface ErasuresContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly recordings: Pick<RecordingDesk, 'erase'>;
  readonly crm: Pick<CrmDesk, 'connection' | 'renew'>;
  readonly now: () => number;
}

/**
 * Takes people away, step by step. What is to be done is written down first, each step is done again without harm, and the alarm
 * goes on with what was begun: whoever is killed on the way has erased the person all the same, a little later.
 */
export class Erasures {
  readonly #context: ErasuresContext;

  constructor(context: ErasuresContext) {
    this.#context = context;
  }

  /** Begins, or goes on with what the same request began. */
  async erase(request: ErasureRequest): Promise<Removal> {
    const id = this.#context.storage.transactionSync(() => this.#begin(request));
    await this.workOff();
    const removal = readRemoval(this.#context.storage.sql, id);
    if (removal === null) throw new Error('The record of an erasure is not there.');
    return removal;
  }

  /** Goes on with what was begun. */
  async workOff(): Promise<void> {
    const { storage, alarm, now } = this.#context;
    const running = runningRemovals(storage.sql);
    if (running.length === 0) return;
    // Set before anything is awaited: should the rest fail, it is tried again.
    await alarm.needBy(now() + againMs);
    for (const id of running) await this.#goOn(id);
  }

  #begin(request: ErasureRequest): string {
    const { sql } = this.#context.storage;
    const { phone, email, crm } = request;
    const subject = vaultOf(sql).index(JSON.stringify([phone ?? null, email ?? null, crm]));
    const running = runningFor(sql, subject);
    if (running !== null) return running;
    const nowMs = this.#context.now();
    const person = findPerson(sql, { phone, email });
    const id = beginRemoval(sql, { kind: 'erasure', subject, callIds: person.callIds, nowMs });
    if (crm) planCrmErasure(sql, id, person);
    noteRemoved(sql, id, [...person.appointmentIds, ...person.orderIds], erasePerson(sql, person, nowMs));
    // Nothing of these calls is shown from now on, however long the rest takes.
    for (const callId of person.callIds) noteRemoved(sql, id, [callId], { calls: 1, ...eraseCall(sql, callId, nowMs) });
    return id;
  }

  async #goOn(id: string): Promise<void> {
    const { storage, recordings } = this.#context;
    for (let done = 0; done < callsAtOnce; done += 1) {
      const callId = nextCall(storage.sql, id);
      if (callId === null) {
        await this.#finish(id);
        return;
      }
      const objects = await recordings.erase(callId);
      storage.transactionSync(() => {
        noteRemoved(storage.sql, id, objects, { recordings: objects.length });
        callDone(storage.sql, id, callId);
      });
    }
  }

  /** The calls are gone; a CRM that does not answer is asked again by the next ring. */
  async #finish(id: string): Promise<void> {
    const { storage, crm, now } = this.#context;
    const isSettled = await eraseInCrms(storage, crm, id, now);
    storage.transactionSync(() => {
      noteCrm(storage.sql, id, crmOutcomes(storage.sql, id));
      if (!isSettled) return;
      forgetCrmErasure(storage.sql, id);
      finishRemoval(storage.sql, id, now());
    });
  }
}
