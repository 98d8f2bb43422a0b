import { RpcTarget } from 'cloudflare:workers';
import type { Notice, NoticeList } from '../../contract/notice.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { errorText, log } from '../log.ts';
import type { MailSettings } from '../mail/settings.ts';
import type { DataKey } from '../privacy/sealed.ts';
import { writeFeed } from '../scheduling/invitation.ts';
import type { Work } from '../scheduling/work.ts';
import { randomHex, sha256Hex } from '../session/digest.ts';
import { mailOf } from './appointment-mail.ts';
import { businessId } from './config.ts';
import type { DeskContext } from './desk-context.ts';
import * as faults from './faults.ts';
import { feedEntries, hasFeed, replaceFeed } from './feeds.ts';
import { tellOfFailure } from './job-failure.ts';
import { claimJob, nextJobMs, settleJob, takeDueJobs, type DueJob, type Job, type JobResult } from './jobs.ts';
import {
  mailSummary,
  readMailSettings,
  removeMailSettings,
  saveMailSettings,
  sealMailSettings,
  type MailSummary,
} from './mail-settings.ts';
import { listNotices, noticeDone } from './notices.ts';
import { activePlaybook } from './playbooks.ts';

/**
 * The part of a business that deals with calendars and mail outside of it. Its jobs are written beside what
 * causes them, put on the queue, done by the consumer, and settled here.
 */
export class Desk extends RpcTarget {
  readonly #context: DeskContext;
  readonly #sql: SqlStorage;

  constructor(context: DeskContext) {
    super();
    this.#context = context;
    this.#sql = context.storage.sql;
  }

  // Staff

  async connectMail(settings: MailSettings): Promise<Answer<MailSummary>> {
    const key = await this.#key();
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
    const work = await this.#workOf(job);
    if ('kind' in work) return work;
    await this.settleJob(due, work);
    return null;
  }

  async settleJob(due: DueJob, result: JobResult): Promise<void> {
    if (!this.#context.exists()) return;
    this.#context.storage.transactionSync(() => {
      const nowMs = this.#context.now();
      const given = settleJob(this.#sql, due, result, nowMs, Math.random);
      if (given !== null) tellOfFailure(this.#sql, given.job, given.error, nowMs);
    });
    await this.sendDue();
  }

  // The business itself

  /** Puts every job whose time has come on the queue. What fails here, the alarm repeats: it is set before anything is awaited. */
  async sendDue(): Promise<void> {
    const due = takeDueJobs(this.#sql, this.#context.now());
    await this.#context.alarm.needBy(nextJobMs(this.#sql));
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

  async #workOf(job: Job): Promise<Work | JobResult> {
    const key = await this.#key();
    const playbook = activePlaybook(this.#sql);
    if (!key.ok || playbook === null) {
      return { outcome: 'failed', error: key.ok ? 'There is no playbook.' : key.fault.message, retryAfterS: null };
    }
    const settings = await readMailSettings(this.#sql, key.value);
    if (settings === null) return { outcome: 'void' };
    const mail = mailOf(this.#sql, job, { from: settings.from, playbook, nowMs: this.#context.now() });
    return mail === null ? { outcome: 'void' } : { kind: 'mail', settings, mail };
  }

  async #key(): Promise<Answer<DataKey>> {
    if (!this.#context.exists()) return fail(faults.unknownBusiness);
    const key = await this.#context.key.get(businessId(this.#sql), this.#context.settings().MASTER_KEY);
    return key === null ? fail(faults.noMasterKey) : succeed(key);
  }
}
