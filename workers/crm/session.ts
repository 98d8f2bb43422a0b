import type { Credentials } from './credentials.ts';

/** What a connector works with, for one delivery or one check. */
export interface VendorSession {
  readonly credentials: Credentials;
  /** Where this owner's CRM is, where the vendor has an address for each. */
  readonly instanceUrl: string | null;
  /** Fields the mapping fills of a contact, which is read before it is changed. */
  readonly contactFields: readonly string[];
  /** Keeps credentials that the CRM has renewed. */
  readonly save: (credentials: Credentials) => Promise<void>;
  readonly now: () => number;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}
