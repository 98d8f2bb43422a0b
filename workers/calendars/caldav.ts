import { utcTime } from '../scheduling/ical-text.ts';
import { uidOf, writeEntry } from '../scheduling/invitation.ts';
import { ask, unexpected, type Reply } from './ask.ts';
import { escapeXml, readMultistatus, type DavResource, type Multistatus } from './dav-xml.ts';
import { readIcs } from './read-ics.ts';
import {
  CalendarError,
  type Busy,
  type Changes,
  type Range,
  type RemoteCalendar,
  type RemoteChange,
  type RemoteEntry,
  type Standing,
} from './remote-calendar.ts';

export interface CalDavAccount {
  /** Of the calendar itself: the collection its entries are in. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const name = 'The CalDAV server';
const batch = 50;
const open = '<?xml version="1.0" encoding="utf-8"?>';
const namespaces = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"';
const uidPattern = /^([0-9a-f-]{36})@([a-z0-9-]+)\.parley$/;

/** A calendar on a CalDAV server (RFC 4791) that tells what changed (RFC 6578): Radicale, Nextcloud, Fastmail, iCloud. */
export class CalDavCalendar implements RemoteCalendar {
  readonly #account: CalDavAccount;
  readonly #business: string;
  readonly #zone: string;

  constructor(account: CalDavAccount, { business, zone }: { business: string; zone: string }) {
    this.#account = { ...account, url: account.url.endsWith('/') ? account.url : `${account.url}/` };
    this.#business = business;
    this.#zone = zone;
  }

  async busy(range: Range): Promise<Busy> {
    const { resources } = await this.#multistatus(
      `${open}<C:calendar-query ${namespaces}><prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="${utcTime(range.fromMs)}" end="${utcTime(range.toMs)}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
    );
    const read = resources.flatMap(({ calendarData }) =>
      calendarData === null ? [] : [readIcs(calendarData, range, this.#zone)],
    );
    return {
      times: read
        .flatMap(({ occurrences }) => occurrences)
        .filter(({ isBusy, uid }) => isBusy && this.#appointmentOf(uid) === null)
        .map(({ startMs, endMs }) => ({ startMs, endMs })),
      unread: read.flatMap(({ faults }) => faults),
    };
  }

  async put(entry: RemoteEntry, remoteId: string | null): Promise<string> {
    const path = remoteId ?? this.#pathOf(entry.appointmentId);
    const body = writeEntry(entry, `${entry.serviceName} - ${entry.attendee.name}`);
    const headers = { 'content-type': 'text/calendar; charset=utf-8' };
    const reply = await this.#ask('PUT', path, { headers, body });
    if ([200, 201, 204].includes(reply.status)) return path;
    throw unexpected(name, `write ${uidOf(entry)}`, reply);
  }

  async remove({ appointmentId, remoteId }: Standing): Promise<void> {
    const reply = await this.#ask('DELETE', remoteId ?? this.#pathOf(appointmentId), { headers: {} });
    if (![200, 204, 404, 410].includes(reply.status)) throw unexpected(name, 'take an appointment out', reply);
  }

  async changes(cursor: string | null, range: Range): Promise<Changes> {
    const report = await this.#changedSince(cursor);
    if (report === null) return this.changes(null, range);
    const gone = report.resources.filter(({ isGone }) => isGone);
    const there = report.resources.filter(({ isGone, href }) => !isGone && href.endsWith('.ics'));
    const changes: RemoteChange[] = [];
    for (let from = 0; from < there.length; from += batch) {
      for (const resource of await this.#read(there.slice(from, from + batch))) {
        changes.push(...this.#ours(resource));
      }
    }
    return {
      // What was put elsewhere under the same UID is not gone.
      changes: [...changes, ...gone.map(({ href }): RemoteChange => ({ state: 'gone', remoteId: pathOf(href) }))],
      cursor: report.syncToken ?? '',
      isWhole: cursor === null || cursor === '',
    };
  }

  /** Null where the server has forgotten the cursor (RFC 6578 §3.2, valid-sync-token). */
  async #changedSince(cursor: string | null): Promise<Multistatus | null> {
    const body = `${open}<sync-collection ${namespaces}><sync-token>${escapeXml(cursor ?? '')}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
    const reply = await this.#ask('REPORT', null, { headers: xmlHeaders(), body });
    if (reply.status === 207) return readMultistatus(name, reply.text);
    if (cursor !== null && cursor !== '' && [403, 409, 410, 412].includes(reply.status)) return null;
    throw unexpected(name, 'tell what changed', reply);
  }

  async #read(resources: readonly DavResource[]): Promise<readonly DavResource[]> {
    const hrefs = resources.map(({ href }) => `<href>${escapeXml(href)}</href>`).join('');
    const body = `${open}<C:calendar-multiget ${namespaces}><prop><getetag/><C:calendar-data/></prop>${hrefs}</C:calendar-multiget>`;
    return (await this.#multistatus(body)).resources;
  }

  /** Ours among what a resource holds, wherever in time it is. */
  #ours({ href, calendarData }: DavResource): RemoteChange[] {
    // Most entries are not ours, and some repeat for ever.
    if (calendarData === null || !calendarData.includes('.parley')) return [];
    const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
    const [first] = readIcs(calendarData, always, this.#zone).occurrences;
    const appointmentId = first === undefined ? null : this.#appointmentOf(first.uid);
    if (first === undefined || appointmentId === null) return [];
    const remoteId = pathOf(href);
    // Some programs mark what was called off instead of taking it out.
    if (/^STATUS:CANCELLED\s*$/im.test(calendarData)) return [{ state: 'gone', remoteId }];
    return [{ state: 'there', remoteId, appointmentId, startMs: first.startMs, endMs: first.endMs }];
  }

  /** Where a new one is put: the same each time. */
  #pathOf(appointmentId: string): string {
    return new URL(`${appointmentId}.ics`, this.#account.url).pathname;
  }

  #appointmentOf(uid: string): string | null {
    const [, appointmentId, business] = uidPattern.exec(uid) ?? [];
    return business === this.#business ? (appointmentId ?? null) : null;
  }

  async #multistatus(body: string): Promise<Multistatus> {
    const reply = await this.#ask('REPORT', null, { headers: { ...xmlHeaders(), depth: '1' }, body });
    if (reply.status === 207) return readMultistatus(name, reply.text);
    throw unexpected(name, 'list its entries', reply);
  }

  async #ask(
    method: string,
    path: string | null,
    { headers, body }: { headers: Record<string, string>; body?: string },
  ): Promise<Reply> {
    const { url, username, password } = this.#account;
    const target = new URL(path ?? url, url);
    // A path that the server named may begin with //, which would lead elsewhere, with the password.
    if (target.origin !== new URL(url).origin)
      throw new CalendarError(`${name} named an entry that is not on it: ${target.href.slice(0, 200)}`, true);
    const credentials = new TextEncoder().encode(`${username}:${password}`).toBase64();
    return ask(name, {
      method,
      url: target.href,
      headers: { ...headers, authorization: `Basic ${credentials}` },
      ...(body === undefined ? {} : { body }),
    });
  }
}

const xmlHeaders = () => ({ 'content-type': 'application/xml; charset=utf-8' });

/** A server may write whole addresses or paths, escaped in its own way. */
const pathOf = (href: string): string => (/^https?:/.test(href) ? new URL(href).pathname : href);
