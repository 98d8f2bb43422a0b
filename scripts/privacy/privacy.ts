import { DateTime } from 'luxon';
import * as v from 'valibot';
import {
  ErasureRequest,
  KeyReport,
  PersonExport,
  PersonRequest,
  Removal,
  RemovalList,
} from '../../contract/privacy.ts';
import type { Layout } from '../call/layout.ts';
import { askStaff, type RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

interface Who {
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

export async function exportPerson(source: RecordSource, who: Who): Promise<PersonExport> {
  return v.parse(PersonExport, await ask(source, 'people/export', checked(PersonRequest, who)));
}

/** Until all is done: each time the control plane does a part of it. */
export async function erasePerson(source: RecordSource, who: Who & { readonly crm: boolean }): Promise<Removal> {
  const request = checked(ErasureRequest, who);
  return v.parse(Removal, await ask(source, 'people/erase', request));
}

export async function fetchRemovals(source: RecordSource): Promise<RemovalList> {
  return v.parse(RemovalList, await ask(source, 'removals'));
}

/** Under which master key the business is. It takes the present one when it is asked. */
export async function fetchKey(source: RecordSource): Promise<KeyReport> {
  return v.parse(KeyReport, await ask(source, 'key'));
}

async function ask(source: RecordSource, path: string, body?: unknown): Promise<unknown> {
  const answer = await askStaff(source, path, body);
  if (answer === undefined)
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  return answer;
}

function checked<const S extends v.GenericSchema>(schema: S, who: Who): v.InferOutput<S> {
  const given = Object.fromEntries(Object.entries(who).filter(([, value]) => value !== undefined));
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue);
  throw new SetUpError(
    where === null
      ? 'Say who: --phone +13035550123, --email ann@example.com, or both.'
      : `--${where} is wrong. Write a number as +13035550123, an address as ann@example.com.`,
  );
}

/** What was taken away, one removal a line. Ends with a line break. */
export function formatRemovals(removals: readonly Removal[], layout: Layout): string {
  return removals.length === 0 ? 'Nothing was removed yet.\n' : removals.map((one) => line(one, layout)).join('');
}

function line({ id, kind, status, begunAtMs, callsLeft, removed, crm }: Removal, { paint, timeZone }: Layout): string {
  const at = DateTime.fromMillis(begunAtMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
  const state = status === 'done' ? 'done' : paint('yellow', `${callsLeft} calls left: ask again in a moment`);
  const counts = Object.entries(removed).map(([what, n]) => `${n} ${what.replaceAll('_', ' ')}`);
  const told = crm.map(({ kind: name, outcome }) => `${name}: ${outcome.replaceAll('-', ' ')}`);
  return `${[id, at, kind, state, counts.length === 0 ? 'nothing was there' : counts.join(', '), ...told].join('  ')}\n`;
}
