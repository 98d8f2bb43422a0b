import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';
import { nothingYet, type Projection } from './projection.ts';

/** A call of which nothing is known, and one whose content was taken away, have no text for it. */
export const noProjection = '';

export function sealProjection(sql: SqlStorage, callId: string, projection: Projection): ArrayBuffer {
  return seal(sql, 'calls.projection', { call_id: callId }, JSON.stringify(projection));
}

export function openProjection(sql: SqlStorage, callId: string, stored: Stored): Projection {
  const text = open(sql, 'calls.projection', { call_id: callId }, stored);
  if (text === noProjection) return nothingYet;
  const projection: Projection = JSON.parse(text);
  return projection;
}
