import { RpcTarget } from 'cloudflare:workers';
import type { Carrier, StreamClaims } from '../../../contract/carrier-stream.ts';
import type { EventAck, EventBatch } from '../../../contract/call-event.ts';
import type { Region } from '../../../contract/fleet.ts';
import type { Answer } from '../../answer.ts';
import type { Alarm } from '../../business/alarm.ts';
import { nextSilenceMs } from '../../business/call-watch.ts';
import { businessId } from '../../business/config.ts';
import { activePlaybook, type Essentials } from '../../business/playbooks.ts';
import { noProjection } from '../../business/call-projection.ts';
import type { Placement, PlaceRequest } from '../../fleet/fleet.ts';
import { callBackEvents, readBundle, wordsWhenBusy } from './busy.ts';
import { windowMs } from './signature.ts';

/** Long enough for the carrier to open its stream, too short to pass around. */
const tokenLifetimeS = 60;
/** No call lasts longer at a carrier. */
const forgottenAfterMs = 24 * 3_600_000;
/** A call whose node died under it is placed once more. */
const maxPlacings = 2;

/** A call as its carrier brings it. */
export interface CarrierCall {
  readonly carrier: Carrier;
  /** The carrier's own name for it. */
  readonly carrierCallId: string;
  readonly callerNumber: string | undefined;
  readonly dialledNumber: string | undefined;
  readonly region: Region | undefined;
  readonly way: 'stream' | 'sip';
}

/** What the carrier is to do. */
export type CarrierOrder =
  | { readonly kind: 'stream'; readonly signalingUrl: string; readonly claims: StreamClaims }
  | { readonly kind: 'sip'; readonly uri: string }
  | { readonly kind: 'say'; readonly sentences: readonly string[]; readonly locale: string }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'reject' };

export interface CarrierDeskOptions {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly place: (request: PlaceRequest) => Promise<Placement | null>;
  readonly append: (callId: string, batch: EventBatch) => Promise<Answer<EventAck>>;
}

interface KnownCall extends Record<string, SqlStorageValue> {
  call_id: string;
  placings: number;
  node: string;
  last_seen_ms: number | null;
  end_ms: number | null;
  closed_ms: number | null;
}

/** One of the times that a call is put through to a node. */
interface Placing {
  readonly callId: string;
  readonly placings: number;
  /** As the call was known when this was decided. */
  readonly before?: KnownCall;
  /** The node that had it. */
  readonly avoid?: string;
}

/** No node has said anything of it yet. */
const isUnused = (known: KnownCall): boolean =>
  known.last_seen_ms === null && known.end_ms === null && known.closed_ms === null;

/** The calls that carriers bring to one business. A part of its Durable Object. */
export class CarrierDesk extends RpcTarget {
  readonly #options: CarrierDeskOptions;
  readonly #sql: SqlStorage;

  constructor(options: CarrierDeskOptions) {
    super();
    this.#options = options;
    this.#sql = options.storage.sql;
  }

  /** A webhook may come twice, or be played back: the same call is placed once, until a node has it. */
  async take(call: CarrierCall): Promise<CarrierOrder> {
    const playbook = this.#options.exists() ? activePlaybook(this.#sql) : null;
    if (playbook === null) return { kind: 'reject' };
    const known = this.#known(call);
    if (known === undefined) return this.#place(call, playbook, { callId: crypto.randomUUID(), placings: 1 });
    return isUnused(known)
      ? this.#place(call, playbook, { callId: known.call_id, placings: known.placings, before: known })
      : { kind: 'hang-up' };
  }

  /** The stream is over. Null: its node has not said yet that the call is. */
  over(carrier: Carrier, carrierCallId: string): boolean | null {
    const known = this.#options.exists() ? this.#known({ carrier, carrierCallId }) : undefined;
    if (known === undefined || known.end_ms !== null) return true;
    return known.closed_ms === null ? null : false;
  }

  /** The node that had the call is gone, or could not be reached: another one, or somebody calls back. */
  async takeAgain(call: CarrierCall): Promise<CarrierOrder> {
    const playbook = this.#options.exists() ? activePlaybook(this.#sql) : null;
    if (playbook === null) return { kind: 'hang-up' };
    const known = this.#known(call);
    if (known === undefined || known.placings >= maxPlacings) return this.#promise(call, playbook, known);
    return this.#place(call, playbook, {
      callId: crypto.randomUUID(),
      placings: known.placings + 1,
      before: known,
      avoid: known.node,
    });
  }

  /** The carrier says that a call is over. One that a node has is ended by the node, which knows more. */
  ended(carrier: Carrier, carrierCallId: string): void {
    const known = this.#options.exists() ? this.#known({ carrier, carrierCallId }) : undefined;
    if (known === undefined) return;
    this.#sql.exec(
      `UPDATE calls SET closed_ms = ?, closed_reason = 'caller-hang-up', closed_outcome = 'no-speech'
       WHERE call_id = ? AND last_seen_ms IS NULL AND end_ms IS NULL AND closed_ms IS NULL`,
      this.#options.now(),
      known.call_id,
    );
  }

  /** False for a signature that was seen before. Kept for as long as its time would be accepted. */
  isNew(signature: string): boolean {
    if (!this.#options.exists()) return true;
    const nowMs = this.#options.now();
    this.#sql.exec('DELETE FROM carrier_signatures WHERE until_ms < ?', nowMs);
    const kept = this.#sql.exec(
      'INSERT OR IGNORE INTO carrier_signatures VALUES (?, ?)',
      signature,
      nowMs + 2 * windowMs,
    );
    return kept.rowsWritten > 0;
  }

  async #place(
    call: CarrierCall,
    playbook: Essentials,
    { callId: newCallId, placings, before, avoid }: Placing,
  ): Promise<CarrierOrder> {
    const { place, storage, alarm, now } = this.#options;
    const business = businessId(this.#sql);
    const node = await place({
      business,
      playbook: playbook.hash,
      region: call.region,
      ...(avoid === undefined ? {} : { avoid }),
    });
    if (node === null || node.full || (call.way === 'sip' && node.sipUri === null))
      return this.#promise(call, playbook, before);
    if (call.way === 'sip') return { kind: 'sip', uri: sipUriOf(node, call.dialledNumber) };
    const nowMs = now();
    const since = this.#knownSince(call, before);
    if (since !== undefined && !isUnused(since)) return { kind: 'hang-up' };
    const callId = since?.call_id ?? newCallId;
    storage.transactionSync(() => {
      this.#remember(call, callId, placings);
      this.#sql.exec(
        `INSERT INTO calls (call_id, door, mode, playbook, node, start_ms, projection) VALUES (?, 'phone', 'voice', ?, ?, ?, ?)
         ON CONFLICT (call_id) DO UPDATE SET node = excluded.node`,
        callId,
        playbook.hash,
        node.name,
        nowMs,
        noProjection,
      );
    });
    await alarm.needBy(nextSilenceMs(this.#sql));
    const issuedAtS = Math.floor(nowMs / 1_000);
    const claims: StreamClaims = {
      use: 'carrier-stream',
      jti: callId,
      sub: business,
      aud: node.name,
      iat: issuedAtS,
      exp: issuedAtS + tokenLifetimeS,
      playbook: playbook.hash,
      carrier: call.carrier,
      carrierCallId: call.carrierCallId,
      ...(call.callerNumber === undefined ? {} : { callerNumber: call.callerNumber }),
      ...(call.dialledNumber === undefined ? {} : { dialledNumber: call.dialledNumber }),
    };
    return { kind: 'stream', signalingUrl: node.signalingUrl, claims };
  }

  /** No line is free: a call back, which stands in the record before it is promised. */
  async #promise(
    call: CarrierCall,
    { hash, locale }: Essentials,
    before: KnownCall | undefined,
  ): Promise<CarrierOrder> {
    const { append, now } = this.#options;
    const bundle = await readBundle(this.#sql, hash);
    const since = this.#knownSince(call, before);
    if (since !== undefined) {
      const wasPromised = since.end_ms !== null && call.callerNumber !== undefined;
      return { kind: 'say', sentences: wordsWhenBusy(bundle, wasPromised), locale };
    }
    const callId = crypto.randomUUID();
    this.#remember(call, callId, maxPlacings);
    const events = callBackEvents(bundle, call, now());
    const kept = await append(callId, { business: businessId(this.#sql), events });
    const promised = kept.ok && call.callerNumber !== undefined;
    return { kind: 'say', sentences: wordsWhenBusy(bundle, promised), locale };
  }

  /** What the same webhook, which came at the same time, has made of the call in the meantime. */
  #knownSince(call: CarrierCall, before: KnownCall | undefined): KnownCall | undefined {
    const known = this.#known(call);
    return known?.call_id === before?.call_id ? undefined : known;
  }

  #known({ carrier, carrierCallId }: Pick<CarrierCall, 'carrier' | 'carrierCallId'>): KnownCall | undefined {
    return this.#sql
      .exec<KnownCall>(
        `SELECT call_id, placings, node, last_seen_ms, end_ms, closed_ms FROM carrier_calls JOIN calls USING (call_id)
         WHERE carrier = ? AND carrier_call_id = ?`,
        carrier,
        carrierCallId,
      )
      .toArray()[0];
  }

  #remember({ carrier, carrierCallId }: CarrierCall, callId: string, placings: number): void {
    const nowMs = this.#options.now();
    this.#sql.exec('DELETE FROM carrier_calls WHERE at_ms < ?', nowMs - forgottenAfterMs);
    this.#sql.exec(
      'INSERT OR REPLACE INTO carrier_calls (carrier, carrier_call_id, call_id, placings, at_ms) VALUES (?, ?, ?, ?, ?)',
      carrier,
      carrierCallId,
      callId,
      placings,
      nowMs,
    );
  }
}

/** The node finds the business by what was dialled. */
function sipUriOf({ sipUri }: Placement, dialledNumber: string | undefined): string {
  return (sipUri ?? '').replace(/^(sips?:)(?:[^@]*@)?/, `$1${dialledNumber ?? ''}@`);
}
