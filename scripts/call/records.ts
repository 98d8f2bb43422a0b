import * as v from 'valibot';
import { CallList, CallRecord } from '../../contract/call-record.ts';
import { Uuid } from '../../contract/primitives.ts';
import { Problem } from '../../contract/problem.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const timeoutMs = 10_000;

export interface RecordSource {
  /** The control plane's address. */
  readonly controlUrl: string;
  readonly staffKey: string;
  readonly business: string;
}

/** What is asked for, by name. What is undefined is not asked. */
export type Query = Readonly<Record<string, string | undefined>>;

/** As it stands behind a path; '' for nothing. */
export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, value);
  return params.size === 0 ? '' : `?${params.toString()}`;
}

/** Everything that is known of one call. */
export async function fetchCall(source: RecordSource, callId: string): Promise<CallRecord> {
  if (!v.safeParse(Uuid, callId).success) {
    throw new SetUpError(`"${callId}" is no call id. npm run call, without an id, lists the latest calls.`);
  }
  const body = await askStaff(source, `calls/${callId}`);
  if (body === undefined) {
    throw new SetUpError(
      `${source.business} has no call ${callId}. npm run call, without an id, lists the latest calls.`,
    );
  }
  return v.parse(CallRecord, body);
}

/** The latest calls that the filter lets through, newest first. */
export async function fetchCalls(source: RecordSource, filter: Query = {}): Promise<CallList> {
  const body = await askStaff(source, `calls${queryText(filter)}`);
  if (body === undefined) {
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  }
  return v.parse(CallList, body);
}

/** What the control plane answers staff, or undefined where it knows nothing of that. With a `body` it is sent. */
export async function askStaff(source: RecordSource, path: string, body?: unknown): Promise<unknown> {
  return askControlPlane(source, `/v1/businesses/${encodeURIComponent(source.business)}/${path}`, body);
}

/** The same of what belongs to no business. */
export async function askControlPlane(
  { controlUrl, staffKey }: Pick<RecordSource, 'controlUrl' | 'staffKey'>,
  path: string,
  body?: unknown,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${controlUrl}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${staffKey}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new SetUpError(`The control plane does not answer at ${controlUrl}. Start it: npm start`, { cause: error });
  }
  if (response.status === 404) return undefined;
  if (response.status === 401 || response.status === 403) {
    throw new SetUpError(
      `The control plane at ${controlUrl} refused this installation's key. Is it the one of this data folder? See --data.`,
    );
  }
  if (response.status === 400) throw new SetUpError(await problemText(response));
  if (!response.ok)
    throw new SetUpError(
      `The control plane answered with status ${response.status}. Its log is in the data folder, under logs.`,
    );
  return response.json();
}

/** What the control plane found wrong with a request, and what to do. */
async function problemText(response: Response): Promise<string> {
  const { error } = v.parse(Problem, await response.json());
  const field = error.field === undefined ? '' : `${error.field}: `;
  return `${field}${error.message} ${error.action}`;
}
