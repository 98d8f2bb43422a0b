import type { ErasureRequest, Removal } from '../../contract/privacy.ts';
import type { Alarm } from '../business/alarm.ts';
import type { CrmDesk } from '../business/crm-desk.ts';
import { errorText, log } from '../log.ts';
import type { RecordingDesk } from '../recordings/recording-desk.ts';
import { eraseCall } from './erase-call.ts';
import { crmOutcomes, eraseInCrms, forgetCrmErasure, planCrmErasure } from './erase-in-crm.ts';
import { erasePerson } from './erase-person.ts';
import { findPerson } from './find-person.ts';
import { planCalComErasure } from './plan-calcom-erasure.ts';
import {
  beginRemoval,
  callDone,
  finishRemoval,
  isRunning,
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
  /** Those at work in this moment: a request and the alarm do not both ask a CRM to delete the same. */
  readonly #underWay = new Map<string, Promise<Error | null>>();

  constructor(context: ErasuresContext) {
    this.#context = context;
  }

  /** Begins, or goes on with what the same request began. */
  async erase(request: ErasureRequest): Promise<Removal> {
    const id = this.#context.storage.transactionSync(() => this.#begin(request));
    await this.#askAgain();
    await this.#goOnOnce(id);
    const removal = readRemoval(this.#context.storage.sql, id);
    if (removal === null) throw new Error('The record of an erasure is not there.');
    return removal;
  }

  /** Has the alarm go on with what was begun. */
  async wake(): Promise<void> {
    if (runningRemovals(this.#context.storage.sql).length > 0) await this.#askAgain();
  }

  /** Goes on with what was begun, as far as the bucket and the CRMs let it; the alarm brings the rest. */
  async workOff(): Promise<void> {
    await this.wake();
    let trouble: Error | null = null;
    for (const id of runningRemovals(this.#context.storage.sql)) {
      const failed = await this.#goOnOnce(id);
      // It does not keep others from going on.
      trouble ??= failed;
    }
    if (trouble !== null) throw trouble;
  }

  /** Before anything else is awaited: should the rest fail, it is tried again. */
  async #askAgain(): Promise<void> {
    const { alarm, now } = this.#context;
    await alarm.needBy(now() + againMs);
  }

  /** What kept it from going on; null where nothing did. */
  async #goOnOnce(id: string): Promise<Error | null> {
    const going =
      this.#underWay.get(id) ??
      this.#goOn(id)
        .then(() => null)
        .catch((error: unknown) => {
          log('error', 'erasure interrupted', { removalId: id, error: errorText(error) });
          return new Error(`An erasure could not go on: ${errorText(error)}`, { cause: error });
        })
        .finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, going);
    return going;
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
    planCalComErasure(sql, id, person.appointmentIds, nowMs);
    noteRemoved(sql, id, [...person.appointmentIds, ...person.orderIds], erasePerson(sql, person, nowMs));
    // Nothing of these calls is shown from now on, however long the rest takes.
    for (const callId of person.callIds) noteRemoved(sql, id, [callId], { calls: 1, ...eraseCall(sql, callId, nowMs) });
    return id;
  }

  async #goOn(id: string): Promise<void> {
    const { storage, recordings } = this.#context;
    if (!isRunning(storage.sql, id)) return;
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
