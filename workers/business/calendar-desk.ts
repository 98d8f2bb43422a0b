import { RpcTarget } from 'cloudflare:workers';
import type { Notice, NoticeList } from '../../contract/notice.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { errorText, log } from '../log.ts';
import type { MailSettings } from '../mail/settings.ts';
import type { DataKey } from '../privacy/sealed.ts';
import { writeFeed } from '../scheduling/invitation.ts';
import type { Work, Yield } from '../scheduling/work.ts';
import { randomHex, sha256Hex } from '../session/digest.ts';
import type { CalendarSettings } from '../calendars/settings.ts';
import { perform } from '../scheduling/perform.ts';
import { announceAll } from './announce.ts';
import {
  listConnections,
  noteFailing,
  removeConnection,
  saveConnection,
  sealCalendarSettings,
  type CalendarConnection,
} from './calendar-connections.ts';
import { businessId } from './config.ts';
import { confirmationCall } from './confirmation-call.ts';
import type { DeskContext } from './desk-context.ts';
import { syncOf, syncWork, workOf } from './desk-work.ts';
import { connectionOfSync, keepYield } from './job-yield.ts';
import { within } from './within.ts';
import * as faults from './faults.ts';
import { feedEntries, hasFeed, replaceFeed } from './feeds.ts';
import { tellOfFailure } from './job-failure.ts';
import { addJob, claimJob, nextJobMs, settleJob, takeDueJobs, type DueJob, type Job, type JobResult } from './jobs.ts';
import {
  mailSummary,
  removeMailSettings,
  saveMailSettings,
  sealMailSettings,
  type MailSummary,
} from './mail-settings.ts';
import { listNotices, noticeDone } from './notices.ts';
import { activePlaybook, type Essentials } from './playbooks.ts';

/** What a calendar told so long ago is good enough for an offer or a booking. */
const freshMs = 60_000;

/** How long a caller waits for a calendar, and for how long one that kept a caller waiting is left alone. */
const callerPatienceMs = 1_500;
const restMs = 30_000;

/**
 * The part of a business that deals with calendars and mail outside of it. Its jobs are written beside what
 * causes them, put on the queue, done by the consumer, and settled here.
 */
export class CalendarDesk extends RpcTarget {
  readonly #context: DeskContext;
  readonly #sql: SqlStorage;
  /** Calendars that are being asked for a caller. */
  readonly #asking = new Map<string, Promise<string | null>>();
  readonly #restUntilMs = new Map<string, number>();

  constructor(context: DeskContext) {
    super();
    this.#context = context;
    this.#sql = context.storage.sql;
  }

  // Staff

  async connectMail(settings: MailSettings): Promise<Answer<MailSummary>> {
    const key = this.#key();
    if (!key.ok) return key;
    const sealed = await sealMailSettings(settings, key.value);
    saveMailSettings(this.#sql, settings, sealed);
    return succeed({ provider: settings.provider, from: settings.from });
  }

  disconnectMail(): Answer<null> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    removeMailSettings(this.#sql);
    return succeed(null);
  }

  mail(): Answer<{ mail: MailSummary | null }> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    return succeed({ mail: mailSummary(this.#sql) });
  }

  notices(which: { done: boolean }): Answer<NoticeList> {
    return this.#context.exists() ? succeed(listNotices(this.#sql, which)) : fail(faults.unknownBusiness);
  }

  noticeDone(id: string): Answer<Notice> {
    return this.#context.exists() ? noticeDone(this.#sql, id, this.#context.now()) : fail(faults.unknownBusiness);
  }

  /** A new address to subscribe to; the one before stops. */
  async renewFeed(): Promise<Answer<{ url: string }>> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    const secret = randomHex(24);
    const digest = await sha256Hex(secret);
    this.#context.storage.transactionSync(() => {
      replaceFeed(this.#sql, digest, this.#context.now());
    });
    return succeed({
      url: `${this.#context.settings().PUBLIC_URL}/v1/calendars/${businessId(this.#sql)}.${secret}.ics`,
    });
  }

  async connectCalendar(id: string, settings: CalendarSettings): Promise<Answer<CalendarConnection>> {
    const tools = this.#tools();
    if (!tools.ok) return tools;
    const { key, playbook } = tools.value;
    const { staff } = settings;
    if (staff !== undefined && !(playbook.scheduling.staff ?? []).some((person) => person.id === staff)) {
      return fail({ ...faults.unknownStaff, message: `The playbook has no '${staff}' among its staff.` });
    }
    const first = { ...syncOf(this.#sql, id, tools.value), settings, cursor: null };
    const { result } = await perform(first, this.#context.settings());
    if ('error' in result) return fail({ ...faults.calendarTrouble, message: result.error });
    const sealed = await sealCalendarSettings(id, settings, key);
    this.#context.storage.transactionSync(() => {
      const nowMs = this.#context.now();
      saveConnection(this.#sql, id, settings, { sealed, nowMs });
      addJob(this.#sql, { kind: 'sync', connectionId: id, dueMs: nowMs }, nowMs);
      announceAll(this.#sql, id, nowMs);
    });
    await this.sendDue();
    const made = listConnections(this.#sql).find((connection) => connection.id === id);
    return made === undefined ? fail(faults.unknownCalendar) : succeed(made);
  }

  calendars(): Answer<{ calendars: CalendarConnection[] }> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    return succeed({ calendars: listConnections(this.#sql) });
  }

  disconnectCalendar(id: string): Answer<null> {
    const removed = this.#context.exists() && removeConnection(this.#sql, id);
    return removed ? succeed(null) : fail(faults.unknownCalendar);
  }

  /** Somebody says that a calendar changed, as its webhook does: it is asked at once. */
  async calendarChanged(id: string): Promise<Answer<null>> {
    if (!this.#context.exists() || !listConnections(this.#sql).some((connection) => connection.id === id)) {
      return fail(faults.unknownCalendar);
    }
    const nowMs = this.#context.now();
    addJob(this.#sql, { kind: 'sync', connectionId: id, dueMs: nowMs }, nowMs);
    await this.sendDue();
    return succeed(null);
  }

  /** The same of all calendars of a kind. */
  async calendarsChanged(kind: CalendarConnection['kind']): Promise<void> {
    for (const connection of listConnections(this.#sql)) {
      if (connection.kind === kind) await this.calendarChanged(connection.id);
    }
  }

  // Whoever has the address

  async feed(secret: string): Promise<Answer<{ ics: string }>> {
    const digest = await sha256Hex(secret);
    if (!this.#context.exists() || !hasFeed(this.#sql, digest)) return fail(faults.unknownFeed);
    const business = businessId(this.#sql);
    const name = activePlaybook(this.#sql)?.business.name ?? business;
    return succeed({ ics: writeFeed(name, feedEntries(this.#sql, { business, name, nowMs: this.#context.now() })) });
  }

  // The queue's consumer

  /** What to do, unless this ticket is void or there is nothing to do any more. */
  async claimJob(due: DueJob): Promise<Work | null> {
    if (!this.#context.exists()) return null;
    const job = claimJob(this.#sql, due, this.#context.now());
    if (job === null) return null;
    if (job.kind === 'confirmation-call') {
      await this.settleJob(due, await this.#orderCall(job), { kind: 'nothing' });
      return null;
    }
    const tools = this.#tools();
    const work: Work | JobResult = tools.ok
      ? await workOf(this.#sql, { ...job, kind: job.kind }, tools.value)
      : { outcome: 'failed', error: tools.fault.message, retryAfterS: null };
    if ('kind' in work) return work;
    await this.settleJob(due, work, { kind: 'nothing' });
    return null;
  }

  async settleJob(due: DueJob, result: JobResult, gained: Yield): Promise<void> {
    if (!this.#context.exists()) return;
    this.#context.storage.transactionSync(() => {
      const nowMs = this.#context.now();
      this.#keepYield(gained, nowMs);
      const failing = 'error' in result ? connectionOfSync(this.#sql, due.jobId) : null;
      if (failing !== null && 'error' in result) noteFailing(this.#sql, failing, result.error, nowMs);
      const given = settleJob(this.#sql, due, result, nowMs, Math.random);
      if (given !== null) tellOfFailure(this.#sql, given.job, given.error, nowMs);
    });
    await this.sendDue();
  }

  // The business itself

  /**
   * Asks calendars elsewhere what changed, if it is a while since they told, and waits for them no longer than a caller
   * would. Returns why what is known may be out of date; null where it is not.
   */
  async freshen(): Promise<string | null> {
    const nowMs = this.#context.now();
    const stale = listConnections(this.#sql).filter(({ syncedAtMs }) => nowMs - (syncedAtMs ?? 0) > freshMs);
    if (stale.length === 0) return null;
    const told = await Promise.all(stale.map(async (connection) => this.#freshenOne(connection, nowMs)));
    return told.find((trouble) => trouble !== null) ?? null;
  }

  async #freshenOne({ id, lastError }: CalendarConnection, nowMs: number): Promise<string | null> {
    // One that has just failed is not asked again by each caller.
    const heldUntilMs = this.#restUntilMs.get(id) ?? 0;
    if (nowMs < heldUntilMs)
      return `The calendar "${id}" cannot be asked: ${lastError ?? 'it was too slow'}`.slice(0, 200);
    const asked = this.#asking.get(id) ?? this.#askOne(id);
    this.#asking.set(id, asked);
    const trouble = await within(callerPatienceMs, asked, `The calendar "${id}" did not answer in time.`);
    if (trouble !== null) this.#restUntilMs.set(id, nowMs + restMs);
    return trouble?.slice(0, 200) ?? null;
  }

  async #askOne(id: string): Promise<string | null> {
    try {
      const tools = this.#tools();
      const work = tools.ok ? await syncWork(this.#sql, id, tools.value) : null;
      if (work === null) return tools.ok ? null : tools.fault.message;
      const { result, yield: gained } = await perform(work, this.#context.settings());
      const trouble = 'error' in result ? result.error : null;
      this.#context.storage.transactionSync(() => {
        this.#keepYield(gained, this.#context.now());
        if (trouble !== null) noteFailing(this.#sql, id, trouble, this.#context.now());
      });
      await this.sendDue();
      return trouble;
    } finally {
      this.#asking.delete(id);
    }
  }

  /** What somebody changed elsewhere, the CRM is told too. Runs in a transaction. */
  #keepYield(gained: Yield, nowMs: number): void {
    for (const id of keepYield(this.#sql, gained, nowMs)) this.#context.deliveries.notifyChange(id);
  }

  /** Puts every job whose time has come on the queue. What fails here, the alarm repeats: it is set before anything is awaited. */
  async sendDue(): Promise<void> {
    const due = takeDueJobs(this.#sql, this.#context.now());
    const { alarm, deliveries } = this.#context;
    await Promise.all([alarm.needBy(nextJobMs(this.#sql)), deliveries.sendDue()]);
    const business = businessId(this.#sql);
    for (const job of due) {
      try {
        await this.#context.enqueue({ business, ...job });
      } catch (error) {
        log('warn', 'a scheduling job could not be queued and will be tried again', {
          business,
          ...job,
          error: errorText(error),
        });
      }
    }
  }

  async #orderCall(job: Job): Promise<JobResult> {
    const wanted = confirmationCall(this.#sql, job, { business: businessId(this.#sql), nowMs: this.#context.now() });
    if (wanted === null) return { outcome: 'void' };
    const trouble = await this.#context.orderCall(wanted.request, wanted.key);
    return trouble === null ? { outcome: 'done' } : { outcome: 'refused', error: trouble };
  }

  #tools(): Answer<{ key: DataKey; playbook: Essentials; nowMs: number }> {
    const key = this.#key();
    if (!key.ok) return key;
    const playbook = activePlaybook(this.#sql);
    return playbook === null
      ? fail(faults.noPlaybook)
      : succeed({ key: key.value, playbook, nowMs: this.#context.now() });
  }

  #key(): Answer<DataKey> {
    return this.#context.exists() ? succeed(this.#context.key.get()) : fail(faults.unknownBusiness);
  }
}
