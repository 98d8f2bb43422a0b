import * as v from 'valibot';
import type { ApiDescription } from '../vendors/api-description.ts';

interface Booking {
  readonly uid: string;
  status: string;
  start: string;
  end: string;
  updatedAt: string;
  metadata: Record<string, unknown>;
  rescheduledFromUid?: string;
  rescheduledToUid?: string;
}

const Make = v.object({
  start: v.string(),
  eventTypeId: v.number(),
  metadata: v.optional(v.record(v.string(), v.unknown()), {}),
});
const Move = v.object({ start: v.string() });

/** Cal.com in memory: bookings that are moved by making another. */
export class FakeCalCom {
  readonly violations: string[] = [];
  readonly bookings: Booking[] = [];
  /** The next answer is lost after it was carried out. */
  loseNext = false;
  readonly #description: ApiDescription;
  #clockMs = Date.UTC(2035, 2, 5, 17);

  constructor(description: ApiDescription) {
    this.#description = description;
  }

  get live(): Booking[] {
    return this.bookings.filter(({ status }) => status === 'accepted');
  }

  make(start: string, metadata: Record<string, unknown> = {}, more: Partial<Booking> = {}): Booking {
    const end = new Date(Date.parse(start) + 3_600_000).toISOString();
    const booking = {
      uid: crypto.randomUUID(),
      status: 'accepted',
      start,
      end,
      updatedAt: this.#tick(),
      metadata,
      ...more,
    };
    this.bookings.push(booking);
    return booking;
  }

  move(uid: string, start: string): Booking {
    const before = this.#find(uid);
    const after = this.make(start, before.metadata, { rescheduledFromUid: uid });
    Object.assign(before, { status: 'cancelled', rescheduledToUid: after.uid, updatedAt: this.#tick() });
    return after;
  }

  cancel(uid: string): Booking {
    return Object.assign(this.#find(uid), { status: 'cancelled', updatedAt: this.#tick() });
  }

  async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const requestBody: unknown = text === '' ? undefined : JSON.parse(text);
    if (request.headers.get('authorization') !== 'Bearer cal_test')
      return Response.json({ status: 'error' }, { status: 401 });
    if (request.headers.get('cal-api-version') !== '2024-08-13') this.violations.push('no cal-api-version');
    const { status, body } = this.#reply(request.method, url, requestBody);
    const contentType = request.headers.get('content-type') ?? '';
    const exchange = { method: request.method, url, requestBody, contentType, status, responseBody: body };
    this.violations.push(...this.#description.violations(exchange));
    if (this.loseNext && request.method === 'POST') {
      this.loseNext = false;
      throw new TypeError('The connection was lost.');
    }
    return Response.json(body, { status });
  }

  #reply(method: string, url: URL, body: unknown): { status: number; body: unknown } {
    const [, uid = '', action] = /\/bookings\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    if (method === 'POST' && uid === '') {
      const { start, metadata } = v.parse(Make, body);
      return { status: 201, body: success(full(this.make(start, metadata))) };
    }
    if (uid === '') return { status: 200, body: this.#list(url.searchParams) };
    if (!this.bookings.some((booking) => booking.uid === uid)) {
      return { status: 404, body: { status: 'error', error: { code: 'NotFoundException' } } };
    }
    if (action === 'cancel') return { status: 200, body: success(full(this.cancel(uid))) };
    if (action === 'reschedule') return { status: 201, body: success(full(this.move(uid, v.parse(Move, body).start))) };
    return { status: 200, body: success(full(this.#find(uid))) };
  }

  #list(query: URLSearchParams): unknown {
    const after = query.get('afterStart') ?? '';
    const before = query.get('beforeEnd') ?? '9';
    const since = query.get('afterUpdatedAt') ?? '';
    const found = this.bookings
      .filter(({ start, end, updatedAt }) => start >= after && end <= before && updatedAt >= since)
      .filter(({ status }) => query.get('status') !== 'upcoming' || status === 'accepted');
    const [take, skip] = [Number(query.get('take')), Number(query.get('skip'))];
    const data = found.slice(skip, skip + take).map(full);
    const pagination = {
      totalItems: found.length,
      remainingItems: Math.max(found.length - skip - data.length, 0),
      returnedItems: data.length,
      itemsPerPage: take,
      currentPage: skip / take + 1,
      totalPages: Math.ceil(found.length / take),
      hasNextPage: skip + take < found.length,
      hasPreviousPage: skip > 0,
    };
    return { ...success(data), pagination };
  }

  #find(uid: string): Booking {
    const found = this.bookings.find((booking) => booking.uid === uid);
    if (found === undefined) throw new Error(`There is no booking ${uid}.`);
    return found;
  }

  #tick(): string {
    this.#clockMs += 1_000;
    return new Date(this.#clockMs).toISOString();
  }
}

const success = (data: unknown) => ({ status: 'success', data });

const full = (booking: Booking) => ({
  id: 1,
  title: 'Visit',
  description: '',
  hosts: [],
  duration: 60,
  eventTypeId: 7,
  eventType: { id: 7, slug: 'visit' },
  location: '',
  absentHost: false,
  createdAt: booking.updatedAt,
  attendees: [],
  bookingFieldsResponses: {},
  ...booking,
});
