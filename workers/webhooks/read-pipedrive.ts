import * as v from 'valibot';
import { cleanEmail, cleanPhone, cleanText, type PersonChange } from './person-change.ts';

const Listed = v.nullish(v.array(v.object({ value: v.nullish(v.string()), primary: v.optional(v.boolean()) })));
const Id = v.union([v.number(), v.string()]);

/** Webhooks version 2 (pipedrive.readme.io, "Guide for Webhooks v2"). */
const Version2 = v.object({
  meta: v.object({
    version: v.literal('2.0'),
    action: v.string(),
    entity: v.string(),
    entity_id: Id,
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
  }),
  data: v.nullish(v.object({ name: v.nullish(v.string()), emails: Listed, phones: Listed })),
});

/** Webhooks version 1. */
const Version1 = v.object({
  meta: v.object({ action: v.string(), object: v.string(), id: Id, timestamp: v.number() }),
  current: v.nullish(v.object({ name: v.nullish(v.string()), email: Listed, phone: Listed })),
});

interface Person {
  readonly name?: string | null | undefined;
  readonly emails?: v.InferOutput<typeof Listed>;
  readonly phones?: v.InferOutput<typeof Listed>;
}

/** Both versions send the whole person each time. */
export function readPipedrive(json: unknown): PersonChange[] {
  if (v.is(v.object({ meta: v.object({ version: v.literal('2.0') }) }), json)) {
    const { meta, data } = v.parse(Version2, json);
    if (meta.entity !== 'person') return [];
    return [change(String(meta.entity_id), meta.action === 'delete', data, Date.parse(meta.timestamp))];
  }
  const { meta, current } = v.parse(Version1, json);
  if (meta.object !== 'person') return [];
  const person = current && { name: current.name, emails: current.email, phones: current.phone };
  return [change(String(meta.id), meta.action === 'deleted', person, meta.timestamp * 1_000)];
}

function change(remoteId: string, deleted: boolean, person: Person | null | undefined, atMs: number): PersonChange {
  if (!person) return { remoteId, deleted, fields: {}, atMs };
  const fields = {
    name: cleanText(person.name),
    email: cleanEmail(primaryOf(person.emails)),
    phone: cleanPhone(primaryOf(person.phones)),
  };
  return { remoteId, deleted, fields, atMs };
}

function primaryOf(listed: v.InferOutput<typeof Listed>): string | null | undefined {
  return (listed?.find(({ primary }) => primary === true) ?? listed?.[0])?.value;
}
