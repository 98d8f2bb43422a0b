import * as v from 'valibot';
import { CallList, CallRecord } from '../../contract/call-record.ts';
import type { CallFact } from '../../contract/call-event.ts';
import { Appointment } from '../../contract/scheduling.ts';
import { Session } from '../../contract/session.ts';
import { eventually } from './eventually.ts';

type FactOf<Type extends CallFact['type']> = Extract<CallFact, { type: Type }>;

/** Reads the record the way staff do. */
export class StaffClient {
  private readonly base: string;
  private readonly headers: Record<string, string>;

  constructor(controlUrl: string, staffKey: string, business: string) {
    this.base = `${controlUrl}/v1/businesses/${business}`;
    this.headers = { authorization: `Bearer ${staffKey}` };
  }

  async record(callId: string): Promise<CallRecord> {
    return v.parse(CallRecord, await this.get(`/calls/${callId}`));
  }

  async calls(): Promise<CallList['calls']> {
    return v.parse(CallList, await this.get('/calls')).calls;
  }

  async appointments(): Promise<Appointment[]> {
    const body = v.parse(v.object({ appointments: v.array(Appointment) }), await this.get('/appointments'));
    return body.appointments;
  }

  /** The record once it has its `call-end`. */
  async endedRecord(callId: string, timeoutMs = 20_000): Promise<CallRecord> {
    return await eventually(
      async () => {
        const record = await this.record(callId);
        return record.summary.endReason === null ? undefined : record;
      },
      { timeoutMs, what: `call ${callId} to end in the record` },
    );
  }

  /** For somebody of the business who takes a call over in a browser. */
  async join(callId: string): Promise<Session> {
    const response = await fetch(`${this.base}/calls/${callId}/join`, { method: 'POST', headers: this.headers });
    if (!response.ok) throw new Error(`Joining answered ${response.status}: ${await response.text()}`);
    return v.parse(Session, await response.json());
  }

  async put(path: string, body: unknown): Promise<void> {
    const response = await fetch(this.base + path, {
      method: 'PUT',
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`);
  }

  /** Anything else that staff can ask; with a body by POST. */
  async ask<const S extends v.GenericSchema>(schema: S, path: string, body?: unknown): Promise<v.InferOutput<S>> {
    if (body === undefined) return v.parse(schema, await this.get(path));
    const response = await fetch(this.base + path, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return v.parse(schema, await response.json());
  }

  private async get(path: string): Promise<unknown> {
    const response = await fetch(this.base + path, { headers: this.headers });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return await response.json();
  }
}

/** All facts of one type in a record, in order. */
export function factsOf<Type extends CallFact['type']>(record: CallRecord, type: Type): FactOf<Type>[] {
  return record.events.map((event) => event.fact).filter((fact): fact is FactOf<Type> => fact.type === type);
}
