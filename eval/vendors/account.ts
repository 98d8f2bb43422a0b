import * as v from 'valibot';

/** What is to go wrong, once or several times, with requests to one account. */
export const Fault = v.object({
  /** The beginning of `METHOD /path`. */
  on: v.string(),
  times: v.optional(v.number(), 1),
  /**
   * `lost`: it is done, and the answer never arrives. `dropped`: it is not done, nor answered. `answer`:
   * it is not done, and answered like this.
   */
  outcome: v.variant('type', [
    v.object({ type: v.literal('lost') }),
    v.object({ type: v.literal('dropped') }),
    v.object({
      type: v.literal('answer'),
      status: v.number(),
      headers: v.optional(v.record(v.string(), v.string()), {}),
      body: v.optional(v.unknown(), null),
    }),
  ]),
});
export type Fault = v.InferOutput<typeof Fault>;

export const Behaviour = v.object({
  faults: v.optional(v.array(Fault), []),
  /** The search index has not seen anything new yet. */
  searchLags: v.optional(v.boolean(), false),
  /** The token that requests must carry; a refresh hands it out. */
  accessToken: v.optional(v.string()),
  /** With this the account's access can be renewed; nothing else. */
  refreshToken: v.optional(v.string()),
});
export type Behaviour = v.InferOutput<typeof Behaviour>;

export interface StoredObject {
  readonly id: string;
  readonly type: string;
  fields: Record<string, unknown>;
  /** `type id` of what it is linked to. */
  readonly links: Set<string>;
  readonly createdMs: number;
  updatedMs: number;
}

/** An account as it is kept on disk. */
export const SavedAccount = v.object({
  ids: v.number(),
  objects: v.array(
    v.object({
      id: v.string(),
      type: v.string(),
      fields: v.record(v.string(), v.unknown()),
      links: v.array(v.string()),
      createdMs: v.number(),
      updatedMs: v.number(),
    }),
  ),
  fields: v.array(v.object({ type: v.string(), name: v.string(), unique: v.boolean(), code: v.string() })),
  violations: v.array(v.string()),
});
export type SavedAccount = v.InferOutput<typeof SavedAccount>;

/** One customer's account at a vendor, named by the token that it began with. */
export class Account {
  behaviour: Behaviour = { faults: [], searchLags: false };
  readonly objects: StoredObject[] = [];
  /** Fields that were made in it, by object type. */
  readonly fields: { type: string; name: string; unique: boolean; code: string }[] = [];
  readonly requests: string[] = [];
  readonly violations: string[] = [];
  #ids = 100;

  create(type: string, fields: Record<string, unknown>): StoredObject {
    this.#ids += 1;
    const now = Date.now();
    const made = { id: String(this.#ids), type, fields, links: new Set<string>(), createdMs: now, updatedMs: now };
    this.objects.push(made);
    return made;
  }

  save(): SavedAccount {
    const objects = this.objects.map((object) => ({ ...object, links: [...object.links] }));
    return { ids: this.#ids, objects, fields: this.fields, violations: this.violations };
  }

  /** To be called on a new one. */
  restore({ ids, objects, fields, violations }: SavedAccount): void {
    this.#ids = ids;
    this.objects.push(...objects.map((object) => ({ ...object, links: new Set(object.links) })));
    this.fields.push(...fields);
    this.violations.push(...violations);
  }

  of(type: string): StoredObject[] {
    return this.objects.filter((object) => object.type === type);
  }

  remove(object: StoredObject): void {
    this.objects.splice(this.objects.indexOf(object), 1);
  }

  find(type: string, id: string): StoredObject | undefined {
    return this.of(type).find((object) => object.id === id);
  }

  /** The fault that is due at this request, used up by it. */
  takeFault(request: string): Fault['outcome'] | null {
    const fault = this.behaviour.faults.find(({ on, times }) => times > 0 && request.startsWith(on));
    if (fault === undefined) return null;
    fault.times -= 1;
    return fault.outcome;
  }
}

/** What a vendor answers. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly path: string;
  readonly body: unknown;
}
