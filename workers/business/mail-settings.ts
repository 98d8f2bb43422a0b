import * as v from 'valibot';
import { MailSettings } from '../mail/settings.ts';
import { openText, sealText, type DataKey } from '../privacy/sealed.ts';

const purpose = 'mail';

/** What staff may see: never a key or a password. */
export interface MailSummary {
  readonly provider: MailSettings['provider'];
  readonly from: MailSettings['from'];
}

export async function sealMailSettings(settings: MailSettings, key: DataKey): Promise<string> {
  return sealText(key, purpose, JSON.stringify(settings));
}

export function saveMailSettings(sql: SqlStorage, { provider, from }: MailSettings, sealed: string): void {
  const summary: MailSummary = { provider, from };
  sql.exec(
    'INSERT OR REPLACE INTO mail_settings (id, summary, sealed) VALUES (1, ?, ?)',
    JSON.stringify(summary),
    sealed,
  );
}

export function removeMailSettings(sql: SqlStorage): void {
  sql.exec('DELETE FROM mail_settings');
}

export function mailSummary(sql: SqlStorage): MailSummary | null {
  const [row] = sql.exec<{ summary: string }>('SELECT summary FROM mail_settings').toArray();
  if (row === undefined) return null;
  const summary: MailSummary = JSON.parse(row.summary);
  return summary;
}

export async function readMailSettings(sql: SqlStorage, key: DataKey): Promise<MailSettings | null> {
  const [row] = sql.exec<{ sealed: string }>('SELECT sealed FROM mail_settings').toArray();
  if (row === undefined) return null;
  return v.parse(MailSettings, JSON.parse(await openText(key, purpose, row.sealed)));
}
