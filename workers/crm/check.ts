import type { OpenConnection } from '../business/crm-desk.ts';
import type { CrmKind, MappingProblem } from './crm.ts';
import type { Credentials } from './credentials.ts';
import { CrmError } from './crm-error.ts';
import { changeMapping } from './mapping.ts';
import { vendors } from './vendors.ts';

const checkMs = 25_000;

/** What a CRM says to a connection. The credentials come back as the CRM renewed them meanwhile. */
export type CheckResult = { readonly credentials: Credentials } & (
  | { readonly status: 'ok' }
  | { readonly status: 'wrong'; readonly problems: readonly MappingProblem[] }
  /** The CRM does not want these credentials. */
  | { readonly status: 'refused'; readonly reason: string }
  /** It did not answer, or was busy. */
  | { readonly status: 'unchecked'; readonly reason: string }
);

/** Tries a connection: makes the fields that Parley needs, and compares the mapping with those that exist. */
export async function checkConnection(
  kind: CrmKind,
  { settings, credentials: given }: OpenConnection,
): Promise<CheckResult> {
  const vendor = vendors[kind];
  const mapping = changeMapping(vendor.defaults, settings.mapping);
  let credentials = given;
  const session = {
    credentials,
    instanceUrl: settings.instanceUrl ?? null,
    contactFields: Object.keys(mapping.contact),
    save: async (renewed: Credentials) => {
      credentials = renewed;
    },
    now: Date.now,
    signal: AbortSignal.timeout(checkMs),
  };
  try {
    const problems = await vendor.prepare(session, mapping);
    return problems.length === 0 ? { status: 'ok', credentials } : { status: 'wrong', problems, credentials };
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    return { status: error.permanent ? 'refused' : 'unchecked', reason: error.message, credentials };
  }
}
