import { blankWebhook, failedOrWaiting, settleWebhook, type InboxMessage } from '../webhooks/inbox.ts';
import { applyPersonChange } from '../webhooks/people.ts';
import type { PersonChange } from '../webhooks/person-change.ts';
import { readChanges } from '../webhooks/read-changes.ts';
import { markRemovedPerson, removedPerson } from './removed-people.ts';
import { indexed } from './vault.ts';

interface Read {
  readonly message: InboxMessage;
  /** Null where it cannot be read. */
  readonly changes: readonly PersonChange[] | null;
}

/** Webhooks that wait, or could not be read, and speak of a person. What they say of others is taken over. */
export function eraseFromInbox(sql: SqlStorage, keys: ReadonlySet<string>, nowMs: number): number {
  const inbox = failedOrWaiting(sql).map((message): Read => ({ message, changes: changesIn(message) }));
  // First all of them: one may tell the number, and another only the name.
  for (const { message, changes } of inbox) {
    for (const { remoteId, fields } of changes ?? []) {
      const isTheirs = [fields.phone, fields.mobile, fields.email].some(
        (key) => typeof key === 'string' && keys.has(key),
      );
      if (isTheirs) {
        const [phoneKey, mobileKey] = [indexed(sql, fields.phone ?? null), indexed(sql, fields.mobile ?? null)];
        markRemovedPerson(sql, message.source, remoteId, { phoneKey, mobileKey });
      }
    }
  }
  return inbox.filter((read) => eraseFromMessage(sql, read, keys, nowMs)).length;
}

function eraseFromMessage(
  sql: SqlStorage,
  { message: { id, source, body }, changes }: Read,
  keys: ReadonlySet<string>,
  nowMs: number,
): boolean {
  if (source === 'calcom' || changes === null) {
    if (!speaksOf(body.toLowerCase(), keys)) return false;
    // Cal.com is asked all the same what changed: its webhook is needed for no more.
    if (source === 'calcom') blankWebhook(sql, id);
    else settleWebhook(sql, id);
    return true;
  }
  if (!changes.some(({ remoteId }) => removedPerson(sql, source, remoteId) !== null)) return false;
  for (const change of changes) applyPersonChange(sql, source, change, nowMs);
  settleWebhook(sql, id);
  return true;
}

function changesIn(message: InboxMessage): PersonChange[] | null {
  try {
    return readChanges(message);
  } catch {
    return null;
  }
}

/** A number also without its country. */
const speaksOf = (text: string, keys: ReadonlySet<string>): boolean =>
  [...keys].some((key) =>
    key.includes('@') ? hasAddress(text, key) : text.includes(key) || text.includes(key.replace('+', '').slice(-10)),
  );

/** The whole of it: not as a part of a longer one. */
function hasAddress(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const isWhole = !/[\w.+%-]$/.test(text.slice(0, at)) && !/^(?:[\w-]|\.\w)/.test(text.slice(at + address.length));
    if (isWhole) return true;
  }
  return false;
}
