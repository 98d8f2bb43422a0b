import * as v from 'valibot';
import type { Discovery } from './discovery.ts';

const When = v.object({
  dateTime: v.optional(v.string()),
  date: v.optional(v.string()),
  timeZone: v.optional(v.string()),
});
const Event = v.looseObject({
  id: v.string(),
  status: v.optional(v.string()),
  start: v.optional(When),
  end: v.optional(When),
});
export type GoogleEvent = v.InferOutput<typeof Event>;

/** A Google Calendar in memory: events, sync tokens that can be forgotten, access tokens that can run out. */
export class FakeGoogle {
  readonly violations: string[] = [];
  readonly requests: string[] = [];
  /** The latest version of each event, and when it was made. */
  readonly events = new Map<string, { event: GoogleEvent; version: number }>();
  readonly busyElsewhere: Record<string, unknown> = {};
  /** Sync tokens made before this version are answered with 410. */
  forgottenBefore = 0;
  /** Every list of events is answered with 410. */
  isGone = false;
  accessToken = 'first';
  refreshable = true;
  readonly #discovery: Discovery;
  #version = 1;

  constructor(discovery: Discovery) {
    this.#discovery = discovery;
  }

  set(event: GoogleEvent): void {
    this.#version += 1;
    this.events.set(event.id, { event: { status: 'confirmed', ...event }, version: this.#version });
  }

  async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    this.requests.push(`${request.method} ${url.pathname}`);
    if (url.host === 'oauth2.googleapis.com') {
      if (!this.refreshable) {
        const refusal = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
        return Response.json(refusal, { status: 400 });
      }
      this.accessToken = crypto.randomUUID();
      return Response.json({ access_token: this.accessToken, expires_in: 3_599, token_type: 'Bearer' });
    }
    if (request.headers.get('authorization') !== `Bearer ${this.accessToken}`) {
      return Response.json({ error: { code: 401, message: 'Invalid Credentials' } }, { status: 401 });
    }
    const requestBody: unknown = text === '' ? undefined : JSON.parse(text);
    const { status, body } = this.#reply(request.method, url, requestBody);
    const exchange = { method: request.method, url, requestBody, status, responseBody: body };
    this.violations.push(...this.#discovery.violations(exchange));
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  }

  #reply(method: string, url: URL, body: unknown): { status: number; body?: unknown } {
    const [, id] = /\/events\/([^/]+)$/.exec(url.pathname) ?? [];
    if (url.pathname.endsWith('/freeBusy')) {
      return { status: 200, body: { kind: 'calendar#freeBusy', calendars: this.busyElsewhere } };
    }
    if (method === 'GET') return this.#list(url.searchParams);
    if (method === 'DELETE') {
      const known = this.events.get(id ?? '');
      if (known === undefined || known.event.status === 'cancelled') return { status: 410, body: fault(410) };
      this.set({ ...known.event, status: 'cancelled' });
      return { status: 204 };
    }
    const event = v.parse(Event, body);
    if (method === 'POST' && this.events.has(event.id)) return { status: 409, body: fault(409) };
    if (method === 'PUT' && !this.events.has(id ?? '')) return { status: 404, body: fault(404) };
    this.set(event);
    return { status: 200, body: event };
  }

  /** Two events a page. */
  #list(query: URLSearchParams): { status: number; body: unknown } {
    const since = Number(query.get('syncToken') ?? 0);
    const timed = query.has('timeMin') || query.has('timeMax');
    if (since > 0 && (timed || query.has('q'))) return { status: 400, body: fault(400) };
    if (this.isGone || (since > 0 && since < this.forgottenBefore)) return { status: 410, body: fault(410) };
    const from = Date.parse(query.get('timeMin') ?? '1970-01-01');
    const to = Date.parse(query.get('timeMax') ?? '9999-01-01');
    const found = [...this.events.values()]
      .filter(({ event, version }) => (since > 0 ? version > since : event.status !== 'cancelled'))
      .filter(({ event }) => since > 0 || (startOf(event) < to && !(endOf(event) <= from)))
      // Of one that was taken out little more than its id is told.
      .map(({ event }) => (event.status === 'cancelled' ? { id: event.id, status: 'cancelled' } : event));
    const at = Number(query.get('pageToken') ?? 0);
    const isLast = at + 2 >= found.length;
    const more = isLast ? { nextSyncToken: String(this.#version) } : { nextPageToken: String(at + 2) };
    return { status: 200, body: { kind: 'calendar#events', items: found.slice(at, at + 2), ...more } };
  }
}

const startOf = ({ start }: GoogleEvent): number => Date.parse(start?.dateTime ?? start?.date ?? '');
const endOf = ({ end }: GoogleEvent): number => Date.parse(end?.dateTime ?? end?.date ?? '');
const fault = (code: number) => ({ error: { code, message: 'As the fake says' } });
