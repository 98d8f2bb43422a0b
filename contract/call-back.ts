import * as v from 'valibot';
import { Owner } from './lead.ts';
import { EmailAddress, EpochMs, PhoneNumber, ShortText, Uuid } from './primitives.ts';

/** A call back that was promised: whom it is to, who makes it, and whether it was made. One a call at most. */
export const CallBack = v.object({
  callId: Uuid,
  reason: ShortText,
  owner: v.nullable(Owner),
  promisedAtMs: EpochMs,
  /** What the caller was told; null where no time was named. */
  dueMs: v.nullable(EpochMs),
  name: v.nullable(v.string()),
  /** As the caller gave it, or else the number they called from. */
  phone: v.nullable(PhoneNumber),
  email: v.nullable(EmailAddress),
  done: v.nullable(v.object({ atMs: EpochMs, by: ShortText })),
});
export type CallBack = v.InferOutput<typeof CallBack>;

/** `GET /v1/businesses/:business/call-backs`: the open ones, soonest due first; with `?done=true` the others, newest first. */
export const CallBackList = v.object({ callBacks: v.array(CallBack) });
export type CallBackList = v.InferOutput<typeof CallBackList>;

/** `POST /v1/businesses/:business/call-backs/:callId/done` */
export const CallBackDone = v.object({
  /** Who called back, in their own words. */
  by: v.pipe(ShortText, v.trim(), v.nonEmpty('Say who called back.')),
});
export type CallBackDone = v.InferOutput<typeof CallBackDone>;
