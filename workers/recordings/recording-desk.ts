import { RpcTarget } from 'cloudflare:workers';
import type { PartAck, RecordingPart } from '../../contract/recording.ts';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import { businessId } from '../business/config.ts';
import type { BusinessKey } from '../business/data-key.ts';
import { unknownBusiness } from '../business/faults.ts';
import { SealError } from '../privacy/seal-error.ts';
import { openBytes, sealBytes } from '../privacy/sealed.ts';
import {
  forgetParts,
  hasPart,
  isErased,
  keepPart,
  markErased,
  partsOf,
  recordingConsent,
  type StoredPart,
} from './parts.ts';

export interface RecordingDeskContext {
  readonly sql: SqlStorage;
  readonly bucket: R2Bucket;
  readonly key: BusinessKey;
  readonly exists: () => boolean;
  readonly now: () => number;
}

/** R2 deletes no more in one request. */
const deletedAtOnce = 1_000;

const callNotThereYet: Fault = {
  status: 503,
  code: 'unavailable',
  message: "The call's first events have not come yet.",
  action: 'Send the part again in a moment.',
  retryAfterS: 1,
};

const noRecording: Fault = {
  status: 404,
  code: 'not-found',
  message: 'There is no recording of such a call.',
  action:
    'Take a call from the list whose record has a recording. A business records calls with `recording: on` in its playbook.',
};

const damaged: Fault = {
  status: 500,
  code: 'internal',
  message: 'A part of the recording cannot be opened: it was changed in the bucket, or sealed with another key.',
  action: 'Bring back the MASTER_KEY that it was recorded with. What was changed cannot be had again.',
};

/** The sound of a business's calls: in R2, part by part, sealed with the business's key. A part of its Durable Object. */
export class RecordingDesk extends RpcTarget {
  readonly #context: RecordingDeskContext;

  constructor(context: RecordingDeskContext) {
    super();
    this.#context = context;
  }

  /** Once or again. The object is written before it is known of: an erasure looks for both. */
  async store(part: RecordingPart, bytes: Uint8Array<ArrayBuffer>): Promise<Answer<PartAck>> {
    const { sql, bucket, key, exists, now } = this.#context;
    const { callId } = part;
    if (!exists()) return fail(unknownBusiness);
    if (isErased(sql, callId)) return this.#turnAway(part);
    const consent = recordingConsent(sql, callId);
    if (consent === 'unknown-call') return fail(callNotThereYet);
    if (consent === 'not-wanted') return succeed({ kept: false });
    if (hasPart(sql, part)) return succeed({ kept: true });
    await bucket.put(
      this.#objectName(callId, part.part),
      await sealBytes(key.get(), purposeOf(callId, part.part), bytes),
    );
    // Erased while it was being written: it must not stay.
    if (isErased(sql, callId)) return this.#turnAway(part);
    keepPart(sql, part, bytes.length, now());
    return succeed({ kept: true });
  }

  /** What there is, in its order. */
  parts(callId: string): Answer<StoredPart[]> {
    const { sql, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const parts = partsOf(sql, callId);
    return parts.length === 0 ? fail(noRecording) : succeed(parts);
  }

  /** One part, opened. */
  async part(callId: string, part: number): Promise<Answer<Uint8Array<ArrayBuffer>>> {
    const { sql, bucket, key, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const object = isErased(sql, callId) ? null : await bucket.get(this.#objectName(callId, part));
    if (object === null) return fail(noRecording);
    const sealed = new Uint8Array(await object.arrayBuffer());
    try {
      return succeed(await openBytes(key.get(), purposeOf(callId, part), sealed));
    } catch (error) {
      if (error instanceof SealError) return fail(damaged);
      throw error;
    }
  }

  /** Nothing is kept of the call's sound afterwards, and what still comes of it is turned away. @returns the objects deleted. */
  async erase(callId: string): Promise<string[]> {
    const { sql, bucket, now } = this.#context;
    markErased(sql, callId, now());
    const names = await this.objectsOf(callId);
    for (let from = 0; from < names.length; from += deletedAtOnce) {
      await bucket.delete(names.slice(from, from + deletedAtOnce));
    }
    forgetParts(sql, callId);
    return names;
  }

  /** Also those that were written and never became known of. */
  async objectsOf(callId: string): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const listed = await this.#context.bucket.list({
        prefix: `${this.#folder(callId)}/`,
        ...(cursor === undefined ? {} : { cursor }),
      });
      names.push(...listed.objects.map(({ key }) => key));
      cursor = listed.truncated ? listed.cursor : undefined;
    } while (cursor !== undefined);
    return names;
  }

  /** The object goes too: an earlier request may have died between writing it and looking. */
  async #turnAway({ callId, part }: RecordingPart): Promise<Answer<PartAck>> {
    await this.#context.bucket.delete(this.#objectName(callId, part));
    return succeed({ kept: false });
  }

  #folder(callId: string): string {
    return `recordings/${businessId(this.#context.sql)}/${callId}`;
  }

  #objectName(callId: string, part: number): string {
    return `${this.#folder(callId)}/${part}`;
  }
}

/** A part cannot pass for another, nor for another call's. */
const purposeOf = (callId: string, part: number): string => `recording ${callId} ${part}`;
