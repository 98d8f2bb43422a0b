import { RpcTarget } from 'cloudflare:workers';
import type { CompanyList, ContactList, ContactRecord } from '../../contract/contact.ts';
import type {
  ErasureRequest,
  KeyReport,
  PersonExport,
  PersonRequest,
  Removal,
  RemovalList,
  RetentionPreview,
  RetentionRules,
} from '../../contract/privacy.ts';
import type { ProjectionReport, ProjectionRequest } from '../../contract/projection-check.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { Erasures } from '../privacy/erasures.ts';
import { exportPerson } from '../privacy/export-person.ts';
import { countPastTime } from '../privacy/past-time.ts';
import { listRemovals, readRemoval } from '../privacy/removals.ts';
import { Retention } from '../privacy/retention.ts';
import { readRetention, writeRetention } from '../privacy/retention-rules.ts';
import { StoredSealer } from '../privacy/seal-stored.ts';
import { wrapperOf } from '../privacy/sealed.ts';
import type { RecordingDesk } from '../recordings/recording-desk.ts';
import type { Alarm } from './alarm.ts';
import type { CrmDesk } from './crm-desk.ts';
import { listCompanies, listContacts, readContact } from './contact-list.ts';
import type { Duties } from './duties.ts';
import { businessId } from './config.ts';
import { wrappedKey } from './data-key.ts';
import { unknownBusiness, unknownContact, unknownRemoval } from './faults.ts';
import { rebuild } from './rebuild.ts';
import type { Cursor } from './records.ts';

/** Rows of an older version that are sealed in one go, and the pause until the next. */
const sealedAtOnce = 1_000;
const sealAgainMs = 100;
const secondThoughtsMs = 3_600_000;

export interface PeopleDeskContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly publicUrl: () => string;
  readonly recordings: Pick<RecordingDesk, 'erase'>;
  readonly crm: Pick<CrmDesk, 'connection' | 'renew'>;
  /** Tells calendars elsewhere what changed. */
  readonly tellCalendars: () => Promise<void>;
}

/** What a business knows of people, and what becomes of it. A part of its Durable Object. */
export class PeopleDesk extends RpcTarget {
  readonly #context: PeopleDeskContext;
  readonly #sealer: StoredSealer;
  readonly #erasures: Erasures;
  readonly #retention: Retention;

  constructor(context: PeopleDeskContext) {
    super();
    this.#context = context;
    this.#sealer = new StoredSealer(context.storage);
    this.#erasures = new Erasures(context);
    this.#retention = new Retention(context);
  }

  /** Under which master key all is sealed: whoever asks has waked the business, which has taken the present one by then. */
  masterKey(): Answer<KeyReport> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    return succeed({ business: businessId(storage.sql), masterKey: wrapperOf(wrappedKey(storage.sql) ?? '') });
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

  /** Everything that is held of one person. */
  export(request: PersonRequest): Answer<PersonExport> {
    const { storage, exists, publicUrl, now } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const context = { business: businessId(storage.sql), publicUrl: publicUrl(), nowMs: now() };
    return succeed(exportPerson(storage.sql, request, context));
  }

  async erase(request: ErasureRequest): Promise<Answer<Removal>> {
    if (!this.#context.exists()) return fail(unknownBusiness);
    const removal = await this.#erasures.erase(request);
    await this.#context.tellCalendars();
    return succeed(removal);
  }

  retention(): Answer<RetentionRules> {
    const { storage, exists } = this.#context;
    return exists() ? succeed(readRetention(storage.sql)) : fail(unknownBusiness);
  }

  /** What other rules would remove. */
  previewRetention(rules: RetentionRules): Answer<RetentionPreview> {
    const { storage, exists, now } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const nowMs = now();
    return succeed({
      proposed: countPastTime(storage.sql, rules, nowMs),
      present: countPastTime(storage.sql, readRetention(storage.sql), nowMs),
    });
  }

  /** The next daily look goes by them; it comes an hour from now, for who has second thoughts. */
  async setRetention(rules: RetentionRules): Promise<Answer<RetentionRules>> {
    const { storage, exists, now, alarm } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const nextMs = now() + secondThoughtsMs;
    writeRetention(storage.sql, rules, nextMs);
    await alarm.needBy(nextMs);
    return succeed(rules);
  }

  removals(): Answer<RemovalList> {
    const { storage, exists } = this.#context;
    return exists() ? succeed({ removals: listRemovals(storage.sql) }) : fail(unknownBusiness);
  }

  removal(id: string): Answer<Removal> {
    const { storage, exists } = this.#context;
    const found = exists() ? readRemoval(storage.sql, id) : null;
    return found === null ? fail(unknownRemoval) : succeed(found);
  }

  /** Asks for the alarm where there is work. It waits for nobody outside: the business stands still meanwhile. */
  async wake(): Promise<void> {
    await this.#seal();
    await this.#erasures.wake();
    await this.#retention.wake();
  }

  /** Seals some of what an older version wrote, goes on with erasures, and looks for what is too old; the alarm brings the rest. */
  duties(): Pick<Duties, 'sealing' | 'erasures' | 'retention'> {
    return {
      sealing: () => this.#seal(),
      erasures: () => this.#erasures.workOff(),
      retention: () => this.#retention.workOff(),
    };
  }

  async #seal(): Promise<void> {
    const { alarm, now } = this.#context;
    if (this.#sealer.step(sealedAtOnce)) await alarm.needBy(now() + sealAgainMs);
  }
}
