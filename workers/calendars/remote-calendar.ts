import type { Attendee, Slot } from '../../contract/scheduling.ts';
import type { Invitation } from '../scheduling/invitation.ts';

/** From the first instant, included, to the last, not. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An appointment as it is to stand in a calendar elsewhere. */
export interface RemoteEntry extends Invitation {
  readonly service: string;
  readonly attendee: Attendee;
  readonly timeZone: string;
}

/** One of ours that may stand in a calendar elsewhere. */
export interface Standing {
  readonly appointmentId: string;
  /** Null where it was written and the answer never came. */
  readonly remoteId: string | null;
  /** Where it may stand by our own doing. */
  readonly times: readonly Slot[];
}

/** What became, over there, of something that may be ours. */
export type RemoteChange =
  | {
      readonly state: 'there';
      readonly remoteId: string;
      /** As the entry itself says; null where only the id there can tell. */
      readonly appointmentId: string | null;
      /** What it was called before, where a change gives it another id. */
      readonly formerId?: string;
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly state: 'gone'; readonly remoteId: string };

export interface Changes {
  readonly changes: readonly RemoteChange[];
  /** Where to go on from, next time. */
  readonly cursor: string;
  /** They are all there is: what is not among them is gone. */
  readonly isWhole: boolean;
}

export interface Busy {
  readonly times: readonly Slot[];
  /** Entries that cannot be read, in words: their time is among `times` as far as it can be told. */
  readonly unread: readonly string[];
}

/** A calendar that somebody keeps elsewhere. Everything may be asked twice; failures are `CalendarError`s. */
export interface RemoteCalendar {
  /** What entries of others take. Ours are not among them. */
  busy(range: Range): Promise<Busy>;
  /** Writes an appointment, new or not, and returns its id there. */
  put(entry: RemoteEntry, remoteId: string | null): Promise<string>;
  /** Takes it out. What is gone already, or never came to be, is no failure. */
  remove(standing: Standing): Promise<void>;
  /** What changed since the cursor; everything in the range where there is none. */
  changes(cursor: string | null, range: Range): Promise<Changes>;
}

/** The calendar did not do what it was asked. */
export class CalendarError extends Error {
  override readonly name = 'CalendarError';
  /** It will be the same next time: a wrong key, a calendar that is gone. */
  readonly isPermanent: boolean;
  readonly retryAfterS: number | null;

  constructor(message: string, isPermanent: boolean, retryAfterS: number | null = null) {
    super(message);
    this.isPermanent = isPermanent;
    this.retryAfterS = retryAfterS;
  }
}
