import * as v from 'valibot';
import { EventAck, type EventBatch } from '../../contract/call-event.ts';
import { NodeOrders, type NodeReport } from '../../contract/fleet.ts';
import { Problem } from '../../contract/problem.ts';
import { PartAck, type RecordingPart } from '../../contract/recording.ts';
import { ActivePlaybook } from '../../contract/session.ts';
import { PersonAnswer } from '../../contract/webhook.ts';
import {
  type AppointmentQuery,
  AppointmentsFound,
  BookingAnswer,
  type BookingRequest,
  CancelAnswer,
  type ChangeRequest,
  ConfirmAnswer,
  HoldAnswer,
  type HoldRequest,
  MoveAnswer,
  type MoveRequest,
  SlotAnswer,
  type SlotQuery,
} from '../../contract/scheduling.ts';

/** The control plane did not do what it was asked. */
export class ControlPlaneError extends Error {
  readonly retry: Retry;

  constructor(message: string, retry: Retry, cause?: unknown) {
    super(message, { cause });
    this.name = 'ControlPlaneError';
    this.retry = retry;
  }
}

/**
 * When the same request may be answered otherwise. `at-once`: it was unreachable, too slow, overloaded or broken. `later`: when
 * somebody has mended what is between the two, a key, an address, a version. `never`: what was sent is at fault.
 */
export type Retry = 'at-once' | 'later' | 'never';

function retryOf(status: number): Retry {
  if (status >= 429) return 'at-once';
  return status === 400 || status === 409 || status === 413 || status === 422 ? 'never' : 'later';
}

export interface ControlPlaneOptions {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly nodeKey: string;
}

/** The media plane's typed view of the control plane's `/v1/node` routes. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
  }

  /** The bundle as JSON; the caller checks it. */
  playbook(business: string, hash: string): Promise<unknown> {
    return this.#request('GET', `/v1/node/playbooks/${business}/${hash}`, v.unknown(), 5_000);
  }

  /** What a call to this business that begins now is answered with. */
  activePlaybook(business: string): Promise<ActivePlaybook> {
    return this.#request('GET', `/v1/node/businesses/${business}/playbook`, ActivePlaybook, 1_500);
  }

  report(report: NodeReport): Promise<NodeOrders> {
    return this.#request('POST', '/v1/node/fleet', NodeOrders, 2_000, report);
  }

  sendEvents(callId: string, batch: EventBatch): Promise<EventAck> {
    return this.#request('POST', `/v1/node/calls/${callId}/events`, EventAck, 10_000, batch);
  }

  sendRecordingPart({ callId, part, business, durationMs, last }: RecordingPart, bytes: Uint8Array): Promise<PartAck> {
    const query = new URLSearchParams({ business, durationMs: String(durationMs), last: String(last) });
    return this.#request(
      'PUT',
      `/v1/node/calls/${callId}/recording/${part}?${query.toString()}`,
      PartAck,
      10_000,
      bytes,
    );
  }

  findSlots(query: SlotQuery): Promise<SlotAnswer> {
    return this.#request('POST', '/v1/node/slots', SlotAnswer, 3_000, query);
  }

  hold(request: HoldRequest): Promise<HoldAnswer> {
    return this.#request('POST', '/v1/node/holds', HoldAnswer, 2_000, request);
  }

  book(request: BookingRequest): Promise<BookingAnswer> {
    return this.#request('POST', '/v1/node/bookings', BookingAnswer, 2_500, request);
  }

  findAppointments(query: AppointmentQuery): Promise<AppointmentsFound> {
    return this.#request('POST', '/v1/node/appointments/find', AppointmentsFound, 2_000, query);
  }

  moveAppointment(request: MoveRequest): Promise<MoveAnswer> {
    return this.#request('POST', '/v1/node/appointments/move', MoveAnswer, 2_500, request);
  }

  cancelAppointment(request: ChangeRequest): Promise<CancelAnswer> {
    return this.#request('POST', '/v1/node/appointments/cancel', CancelAnswer, 2_500, request);
  }

  confirmAppointment(request: ChangeRequest): Promise<ConfirmAnswer> {
    return this.#request('POST', '/v1/node/appointments/confirm', ConfirmAnswer, 2_500, request);
  }

  /** Who calls from a number. What comes later than this is of no use: the greeting does not wait for it. */
  findPerson(business: string, phone: string): Promise<PersonAnswer> {
    return this.#request('POST', '/v1/node/people/find', PersonAnswer, 300, { business, phone });
  }

  async #request<T extends v.GenericSchema>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    schema: T,
    timeoutMs: number,
    body?: unknown,
  ): Promise<v.InferOutput<T>> {
    const [sent, contentType] =
      body instanceof Uint8Array
        ? [new Uint8Array(body), 'audio/ogg']
        : [body === undefined ? undefined : JSON.stringify(body), 'application/json'];
    const response = await fetch(new URL(path, this.#options.url), {
      method,
      headers: { authorization: `Bearer ${this.#options.nodeKey}`, 'content-type': contentType },
      signal: AbortSignal.timeout(timeoutMs),
      ...(sent === undefined ? {} : { body: sent }),
    }).catch((cause: unknown) => {
      throw new ControlPlaneError(
        `${method} ${path}: the control plane did not answer within ${timeoutMs} ms`,
        'at-once',
        cause,
      );
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const problem = v.safeParse(Problem, json);
      const said = problem.success ? `${problem.output.error.message} ${problem.output.error.action}` : '';
      throw new ControlPlaneError(`${method} ${path}: status ${response.status}. ${said}`, retryOf(response.status));
    }
    const answer = v.safeParse(schema, json);
    if (answer.success) return answer.output;
    throw new ControlPlaneError(
      `${method} ${path}: an answer this version does not understand: ${v.summarize(answer.issues)}`,
      'later',
    );
  }
}
