import * as v from 'valibot';
import { Slug } from './primitives.ts';
import { Appointment, Attendee } from './scheduling.ts';

/** What a call is for. */
export const PurposeKind = v.picklist(['inbound', 'faq', 'outreach', 'confirm-appointment', 'call-back']);
export type PurposeKind = v.InferOutput<typeof PurposeKind>;

/** What a call is for, and whom it is to. Who we call is told nothing before they are who we asked for. */
export const CallPurpose = v.variant('kind', [
  /** Somebody calls us. */
  v.object({ kind: v.literal('inbound') }),
  /** Somebody calls us, and is only given answers. */
  v.object({ kind: v.literal('faq') }),
  /** We call somebody we know, for one of the playbook's reasons. */
  v.object({ kind: v.literal('outreach'), contact: Attendee, reason: Slug }),
  /** We call a customer about their appointment. */
  v.object({ kind: v.literal('confirm-appointment'), appointment: Appointment }),
  /** We call somebody who asked to be called. */
  v.object({ kind: v.literal('call-back'), contact: Attendee }),
]);
export type CallPurpose = v.InferOutput<typeof CallPurpose>;
