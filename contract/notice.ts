import * as v from 'valibot';
import { EpochMs, Uuid } from './primitives.ts';

/** Something that the owner must know or do. */
export const Notice = v.object({
  id: Uuid,
  atMs: EpochMs,
  kind: v.picklist([
    /** An appointment was moved, or taken out, in a calendar elsewhere. */
    'changed-elsewhere',
    /** It was moved elsewhere to a time that is taken, and was put back. */
    'conflict',
    /** A mail could not be sent. */
    'mail-failed',
    /** A call that asks to confirm could not be placed. */
    'call-failed',
    /** An appointment could not be written to a calendar elsewhere. */
    'calendar-failed',
    /** An entry of a calendar elsewhere cannot be read: when it is can only be guessed. */
    'entry-unread',
    /** Nothing reached a webhook endpoint for days: it is sent nothing any more. */
    'webhook-disabled',
    /** Somebody was erased here, and is to be erased in a CRM or Cal.com by hand. */
    'erase-by-hand',
    /** Something that the control plane does by itself, as deleting what is too old, has failed for hours. */
    'duty-failing',
  ]),
  /** What happened, and what to do. */
  text: v.string(),
  appointmentId: v.nullable(Uuid),
  doneAtMs: v.nullable(EpochMs),
});
export type Notice = v.InferOutput<typeof Notice>;

/** `GET /v1/businesses/:business/notices`, newest first. `?done=true` lists those that were dealt with. */
export const NoticeList = v.object({ notices: v.array(Notice) });
export type NoticeList = v.InferOutput<typeof NoticeList>;
