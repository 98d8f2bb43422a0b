import type { Context } from 'hono';
import * as v from 'valibot';
import { EpochMs, Uuid } from '../../contract/primitives.ts';
import type { Cursor } from '../business/records.ts';
import { check } from './body.ts';

/** As `nextCursor` of the page before: a time and an id. */
const CursorText = v.pipe(
  v.string(),
  v.transform((text) => {
    const [startMs, callId] = text.split('.');
    return { startMs: Number(startMs), callId };
  }),
  v.object({ startMs: EpochMs, callId: Uuid }),
);

/** Where the page that is asked for begins; null for the first. */
export function cursorOf(c: Context): Cursor | null {
  const text = c.req.query('cursor');
  return text === undefined ? null : check(CursorText, text);
}
