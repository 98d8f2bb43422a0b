import type { Slot } from '../../contract/scheduling.ts';
import type { Changes, Range, RemoteEntry, Standing } from '../calendars/remote-calendar.ts';
import type { CalendarSettings } from '../calendars/settings.ts';
import type { Mail } from '../mail/mail.ts';
import type { MailSettings } from '../mail/settings.ts';

/** With whose calendar, and where times without a zone are. */
interface Elsewhere {
  readonly connectionId: string;
  readonly settings: CalendarSettings;
  readonly business: string;
  readonly zone: string;
}

/** What a job needs to be done outside of the business's object. Never stored. */
export type Work =
  | { readonly kind: 'mail'; readonly settings: MailSettings; readonly mail: Mail }
  | (Elsewhere & {
      readonly kind: 'put';
      readonly appointmentId: string;
      readonly entry: RemoteEntry;
      readonly remoteId: string | null;
    })
  | (Elsewhere & Standing & { readonly kind: 'remove' })
  | (Elsewhere & {
      readonly kind: 'sync';
      readonly cursor: string | null;
      readonly range: Range;
      readonly writings: number;
    });

/** What came of it that the business's object must keep. */
export type Yield =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stands'; readonly connectionId: string; readonly entry: RemoteEntry; readonly remoteId: string }
  | { readonly kind: 'removed'; readonly connectionId: string; readonly appointmentId: string }
  | Synced;

export interface Synced {
  readonly kind: 'synced';
  readonly connectionId: string;
  /** The cursor that was gone on from: another synchronisation may have been quicker. */
  readonly from: string | null;
  /** How much had been written there before it was read. */
  readonly writings: number;
  readonly changes: Changes;
  readonly busy: readonly Slot[];
  /** Entries there that cannot be read, in words. */
  readonly unread: readonly string[];
}
