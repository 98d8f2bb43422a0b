import { DateTime } from 'luxon';
import * as v from 'valibot';
import { CallBack, CallBackList } from '../../contract/call-back.ts';
import { Uuid } from '../../contract/primitives.ts';
import { type Layout, printable } from '../call/layout.ts';
import { askStaff, type RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

/** Open ones, soonest due first, or those that were made, newest first. */
export async function fetchCallBacks(source: RecordSource, done: boolean): Promise<CallBackList> {
  const body = await askStaff(source, `call-backs?done=${done}`);
  if (body === undefined)
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  return v.parse(CallBackList, body);
}

/** Notes who called back. Whoever said so first stands. */
export async function markDone(source: RecordSource, callId: string, by: string): Promise<CallBack> {
  const found = v.safeParse(Uuid, callId).success
    ? await askStaff(source, `call-backs/${callId}/done`, { by })
    : undefined;
  if (found === undefined)
    throw new SetUpError(
      `${source.business} has promised no call back in call "${callId}". npm run call-backs lists the open ones.`,
    );
  return v.parse(CallBack, found);
}

/** One a line, with whom to call and why. Ends with a line break. */
export function formatCallBacks(callBacks: readonly CallBack[], layout: Layout, nowMs: number): string {
  return callBacks.map((callBack) => `${callBackLine(callBack, layout, nowMs)}\n`).join('');
}

function callBackLine(callBack: CallBack, { paint, timeZone }: Layout, nowMs: number): string {
  const { callId, reason, owner, dueMs, name, phone, email, done } = callBack;
  const at = (ms: number): string => DateTime.fromMillis(ms, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
  const due = dueMs === null ? 'no time named' : `due ${at(dueMs)}`;
  const late = done === null && dueMs !== null && dueMs < nowMs;
  const when = done === null ? paint(late ? 'red' : 'yellow', late ? `${due}, late` : due) : `done ${at(done.atMs)}`;
  const whom = [name, phone, email].flatMap((value) => (value === null ? [] : [printable(value)]));
  const by = done === null ? owner?.name : `by ${done.by}`;
  return [callId, when, by === undefined ? 'nobody in particular' : printable(by), whom.join(' '), printable(reason)]
    .filter((part) => part !== '')
    .join('  ');
}
