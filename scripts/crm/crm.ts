import * as v from 'valibot';
import { parse, YAMLParseError } from 'yaml';
import { CrmPreview } from '../../contract/crm-preview.ts';
import { Uuid } from '../../contract/primitives.ts';
import { askBusiness, type Method } from '../call/ask-business.ts';
import type { Layout } from '../call/layout.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

/** Asks the control plane about CRMs. */
export async function askCrm(source: RecordSource, method: Method, path: string, body?: unknown): Promise<unknown> {
  return askBusiness(source, method, `crm${path}`, body);
}

/** A connection as its YAML or JSON file describes it. Secrets can come from the environment, as $NAME. */
export function readConnection(text: string, environment: Readonly<Record<string, string | undefined>>): unknown {
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new SetUpError(`The connection is no YAML: ${error.message}`, { cause: error });
  }
  const connection = v.safeParse(v.looseObject({ credentials: v.optional(v.record(v.string(), v.string())) }), written);
  if (!connection.success) throw new SetUpError('The connection is no list of settings. docs/crm.md shows one.');
  const { credentials, ...settings } = connection.output;
  if (credentials === undefined) return settings;
  const filled = Object.entries(credentials).map(([name, value]) => {
    const variable = /^\$([A-Z0-9_]+)$/.exec(value)?.[1];
    if (variable === undefined) return [name, value] as const;
    const secret = environment[variable];
    if (secret === undefined || secret === '')
      throw new SetUpError(`credentials.${name} is to be taken from ${variable}, which is not set.`);
    return [name, secret] as const;
  });
  return { ...settings, credentials: Object.fromEntries(filled) };
}

/** What would be written of a call. */
export async function fetchPreview(source: RecordSource, kind: string, callId: string): Promise<CrmPreview> {
  if (!v.safeParse(Uuid, callId).success)
    throw new SetUpError(`"${callId}" is no call id. npm run call, without an id, lists the latest calls.`);
  return v.parse(CrmPreview, await askCrm(source, 'GET', `/${kind}/preview/${callId}`));
}

const Connections = v.object({
  connections: v.array(v.object({ kind: v.string(), changedAtMs: v.number() })),
});

/** The CRM to ask about, where the command names none: the one that is connected. */
export async function onlyKind(source: RecordSource): Promise<string> {
  const { connections } = v.parse(Connections, await askCrm(source, 'GET', ''));
  const [first, ...more] = connections;
  if (first !== undefined && more.length === 0) return first.kind;
  throw new SetUpError(
    first === undefined
      ? `${source.business} is connected to no CRM. Name one with --crm hubspot, pipedrive or salesforce.`
      : `${source.business} is connected to several CRMs. Name one with --crm.`,
  );
}

export function formatPreview({ writes }: CrmPreview, { paint }: Layout): string {
  if (writes.length === 0) return 'Nothing: the caller left neither an address nor a number.\n';
  return writes.map(({ object, body }) => `${paint('bold', object)}\n${JSON.stringify(body, null, 2)}\n`).join('\n');
}
