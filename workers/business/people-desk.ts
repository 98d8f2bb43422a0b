import { RpcTarget } from 'cloudflare:workers';
import type { CompanyList, ContactList, ContactRecord } from '../../contract/contact.ts';
import type { ProjectionReport, ProjectionRequest } from '../../contract/projection-check.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { StoredSealer } from '../privacy/seal-stored.ts';
import type { Alarm } from './alarm.ts';
import { listCompanies, listContacts, readContact } from './contact-list.ts';
import { unknownBusiness, unknownContact } from './faults.ts';
import { rebuild } from './rebuild.ts';
import type { Cursor } from './records.ts';

/** Rows of an older version that are sealed in one go, and the pause until the next. */
const sealedAtOnce = 1_000;
const sealAgainMs = 100;

export interface PeopleDeskContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
}

/** What a business knows of people, and what becomes of it. A part of its Durable Object. */
export class PeopleDesk extends RpcTarget {
  readonly #context: PeopleDeskContext;
  readonly #sealer: StoredSealer;

  constructor(context: PeopleDeskContext) {
    super();
    this.#context = context;
    this.#sealer = new StoredSealer(context.storage);
  }

  contacts(cursor: Cursor | null, search: string | undefined): Answer<ContactList> {
    const { storage, exists } = this.#context;
    return exists() ? succeed(listContacts(storage.sql, cursor, search)) : fail(unknownBusiness);
  }

  contact(id: string): Answer<ContactRecord> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const found = readContact(storage.sql, id);
    return found === null ? fail(unknownContact) : succeed(found);
  }

  companies(): Answer<CompanyList> {
    const { storage, exists } = this.#context;
    return exists() ? succeed(listCompanies(storage.sql)) : fail(unknownBusiness);
  }

  projections(request: ProjectionRequest): Answer<ProjectionReport> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    // What is compared has to be of one kind.
    while (this.#sealer.step(sealedAtOnce));
    return succeed(rebuild(storage, request));
  }

  /** Seals some of what an older version wrote; the alarm brings the rest. */
  async workOff(): Promise<void> {
    const { alarm, now } = this.#context;
    if (this.#sealer.step(sealedAtOnce)) await alarm.needBy(now() + sealAgainMs);
  }
}
