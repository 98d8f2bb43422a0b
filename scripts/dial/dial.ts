import { setTimeout } from 'node:timers/promises';
import type { CallRecord } from '../../contract/call-record.ts';
import type { CallOrder, Disposition } from '../../contract/outbound.ts';
import { conversationLines } from '../call/conversation-lines.ts';
import { type Layout, printable, spell } from '../call/layout.ts';
import { fetchCall, type RecordSource } from '../call/records.ts';
import { cancelOrder, placeOrder, readOrder } from './orders.ts';

/** 1 is for what is wrong with the command or the installation. */
export const exitCodes = { reached: 0, notReached: 3, refused: 4, failed: 5, interrupted: 130 } as const;

export interface DialOptions {
  readonly source: RecordSource;
  /** The order without its business. */
  readonly order: Readonly<Record<string, unknown>>;
  readonly layout: Layout;
  /** A line of progress, without its line break. */
  readonly print: (line: string) => void;
  /** The call is to be ended. */
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

export interface Dialled {
  readonly exitCode: number;
  readonly order: CallOrder | null;
  readonly record: CallRecord | null;
}

/** Places one call and follows it to its end. */
export async function dial(options: DialOptions): Promise<Dialled> {
  const { source, layout, print, signal, pollMs = 400 } = options;
  const placed = await placeOrder(source, options.order);
  if ('rule' in placed) {
    print(`${layout.paint('red', `Refused by the rule ${placed.rule}.`)} ${placed.text}`);
    return { exitCode: exitCodes.refused, order: null, record: null };
  }
  print(`Calling ${printable(placed.request.to)} …`);
  let seen = -1;
  for (;;) {
    if (signal.aborted) {
      print('Hanging up.');
      const order = await cancelOrder(source, placed.id);
      return { exitCode: exitCodes.interrupted, order, record: await recordOf(source, order) };
    }
    const order = await readOrder(source, placed.id);
    const record = await recordOf(source, order);
    for (const event of record?.events ?? []) {
      if (record === null || event.seq <= seen) continue;
      seen = event.seq;
      for (const line of conversationLines({ ...record, events: [event] }, layout)) print(line);
    }
    if (order.trouble !== null) {
      // Whoever waits at a terminal is not helped by another try later.
      print(layout.paint('red', printable(order.trouble)));
      return { exitCode: exitCodes.failed, order: await cancelOrder(source, placed.id), record };
    }
    if (order.status === 'refused') {
      print(layout.paint('red', order.refusal?.message ?? 'Refused.'));
      return { exitCode: exitCodes.refused, order, record };
    }
    // The order is settled with the end of the call: then the record is whole.
    if (order.disposition !== null && record?.summary.endMs !== null) {
      print(`${layout.paint('bold', spell(order.disposition))}.`);
      const code = exitCodeOf(order.disposition);
      return {
        exitCode: code,
        order: order.status === 'waiting' ? await cancelOrder(source, placed.id) : order,
        record,
      };
    }
    await setTimeout(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The call of the last attempt. */
async function recordOf(source: RecordSource, { attempts }: CallOrder): Promise<CallRecord | null> {
  const callId = attempts.at(-1)?.callId;
  return callId === undefined ? null : fetchCall(source, callId);
}

function exitCodeOf(disposition: Disposition): number {
  switch (disposition) {
    case 'answered':
    case 'voicemail-left':
      return exitCodes.reached;
    case 'no-answer':
    case 'busy':
    case 'rejected':
    case 'screened':
    case 'invalid-number':
      return exitCodes.notReached;
    case 'failed':
      return exitCodes.failed;
    default:
      return disposition satisfies never;
  }
}
