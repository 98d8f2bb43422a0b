import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { localesOf, matchLocale } from '../../dialogue/playbook/localize.ts';

/** What the control plane itself needs of a bundle. */
export interface Essentials extends Pick<
  Bundle,
  'hash' | 'business' | 'locale' | 'disclosure' | 'scheduling' | 'outbound'
> {
  /** Reasons to call somebody. Absent in what was stored before there were any. */
  readonly outreach?: readonly string[];
  /** Other languages, and the disclosure in each. */
  readonly locales?: readonly { readonly locale: string; readonly disclosure: Bundle['disclosure'] }[];
}

const partBytes = 1_000_000;

/** Keeps a checked bundle for good and makes it the active one. */
export function storePlaybook(sql: SqlStorage, bundle: Bundle, nowMs: number): void {
  const { hash, business, locale, disclosure, scheduling, outbound } = bundle;
  const locales = bundle.locales?.map((each) => ({
    locale: each.locale,
    disclosure: each.patch.disclosure ?? disclosure,
  }));
  const essentials: Essentials = {
    hash,
    business,
    locale,
    disclosure,
    scheduling,
    ...(outbound === undefined ? {} : { outbound }),
    outreach: bundle.scenarios?.outreach.map(({ id }) => id) ?? [],
    ...(locales === undefined ? {} : { locales }),
  };
  if (!hasPlaybook(sql, hash)) {
    sql.exec(
      'INSERT INTO playbooks (hash, stored_ms, essentials) VALUES (?, ?, ?)',
      hash,
      nowMs,
      JSON.stringify(essentials),
    );
    const body = new TextEncoder().encode(JSON.stringify(bundle));
    for (let part = 0; part * partBytes < body.length; part += 1) {
      const bytes = body.slice(part * partBytes, (part + 1) * partBytes);
      sql.exec('INSERT INTO playbook_parts (hash, part, body) VALUES (?, ?, ?)', hash, part, bytes.buffer);
    }
  }
  sql.exec('UPDATE config SET active_playbook = ?', hash);
}

export function hasPlaybook(sql: SqlStorage, hash: string): boolean {
  return sql.exec('SELECT 1 FROM playbooks WHERE hash = ?', hash).toArray().length > 0;
}

export function activePlaybook(sql: SqlStorage): Essentials | null {
  const [row] = sql
    .exec<{ essentials: string }>('SELECT essentials FROM playbooks JOIN config ON active_playbook = hash')
    .toArray();
  if (row === undefined) return null;
  const essentials: Essentials = JSON.parse(row.essentials);
  return essentials;
}

/** A playbook in the best of its locales for a visitor's. */
export function inLocale(playbook: Essentials, wanted: string | undefined): Essentials {
  if (wanted === undefined) return playbook;
  const locale = matchLocale(localesOf(playbook), wanted);
  return { ...playbook, ...playbook.locales?.find((each) => each.locale === locale) };
}

/** A bundle's JSON as UTF-8, active or not. */
export async function playbookJson(sql: SqlStorage, hash: string): Promise<ArrayBuffer | null> {
  const parts = sql
    .exec<{ body: ArrayBuffer }>('SELECT body FROM playbook_parts WHERE hash = ? ORDER BY part', hash)
    .toArray();
  return parts.length === 0 ? null : new Blob(parts.map(({ body }) => body)).arrayBuffer();
}
