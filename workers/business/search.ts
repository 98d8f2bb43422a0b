import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { CallEvent } from '../../contract/call-event.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open } from '../privacy/vault.ts';
import { callerOf } from './contacts.ts';
import { transcriptOf, type Projection } from './projection.ts';

const maxWordLength = 40;
/** Beginnings of a name or a number find it, from this length on. */
const minPrefixLength = 3;
/** Enough that two words of one business do not meet. */
const tokenBytes = 6;
const maxQueryWords = 10;

/**
 * Calls are found by what was said in them and by who called (FTS5). The index holds keyed hashes instead of words:
 * whole words are found, and of names, numbers and addresses the beginnings too.
 *
 * To be called when a call is over and when it changes after that, inside the transaction that changes it.
 */
export function indexCall(sql: SqlStorage, callId: string, projection: Projection, events: readonly CallEvent[]): void {
  forgetCall(sql, callId);
  const key = readKey(sql);
  const tokens = (words: readonly string[]): string => [...new Set(words)].map((word) => tokenOf(key, word)).join(' ');
  const said = transcriptOf(events).flatMap(({ text }) => wordsOf(text));
  const { name, phone, email } = callerOf(projection);
  const known = [name, phone, email, projection.lead?.stage, projection.end?.outcome, ...(projection.lead?.tags ?? [])];
  const person = known.flatMap((value) => (value === undefined ? [] : wordsOf(value).flatMap(beginnings)));
  const { id } = sql
    .exec<{ id: number }>('INSERT INTO call_search_rows (call_id) VALUES (?) RETURNING search_row AS id', callId)
    .one();
  sql.exec('INSERT INTO call_search (rowid, said, person) VALUES (?, ?, ?)', id, tokens(said), tokens(person));
}

export function forgetCall(sql: SqlStorage, callId: string): void {
  const rows = sql
    .exec<{ id: number }>('DELETE FROM call_search_rows WHERE call_id = ? RETURNING search_row AS id', callId)
    .toArray();
  for (const { id } of rows) sql.exec('DELETE FROM call_search WHERE rowid = ?', id);
}

/** What FTS5 is to look for: each word has to be in the call. Null where the text has none. */
export function searchQuery(sql: SqlStorage, text: string): string | null {
  const key = readKey(sql);
  const words = [...new Set(wordsOf(text))].slice(0, maxQueryWords);
  return words.length === 0 ? null : words.map((word) => `"${tokenOf(key, word)}"`).join(' AND ');
}

function tokenOf(key: Uint8Array, word: string): string {
  return bytesToHex(hmac(sha256, key, new TextEncoder().encode(word)).subarray(0, tokenBytes));
}

function readKey(sql: SqlStorage): Uint8Array {
  const { key } = sql.exec<{ key: Stored }>('SELECT key FROM search_key').one();
  return hexToBytes(open(sql, 'search_key.key', { id: 1 }, key));
}

/** Lower case, without accents; a plural counts as its singular. A number is found as it is dialled: by its digits. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) =>
    word.slice(0, maxWordLength).replace(/(?<=\p{L}{2}[^s])s$/u, ''),
  );
}

function beginnings(word: string): string[] {
  const lengths = Array.from({ length: Math.max(0, word.length - minPrefixLength) }, (_, n) => minPrefixLength + n);
  return [...lengths.map((length) => word.slice(0, length)), word];
}
