import { RpcTarget } from 'cloudflare:workers';
import type { CallBack, CallBackDone, CallBackList } from '../../contract/call-back.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import { doneCallBacks, markCallBackDone, openCallBacks } from './call-backs.ts';
import { unknownBusiness } from './faults.ts';

export interface CallBackDeskContext {
  readonly storage: DurableObjectStorage;
  readonly outbound: Pick<OutboundDesk, 'sendDue'>;
  readonly exists: () => boolean;
  readonly now: () => number;
}

/** What callers were promised, and what became of it. */
export class CallBackDesk extends RpcTarget {
  readonly #context: CallBackDeskContext;

  constructor(context: CallBackDeskContext) {
    super();
    this.#context = context;
  }

  list({ done }: { done: boolean }): Answer<CallBackList> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    return succeed({ callBacks: done ? doneCallBacks(storage.sql) : openCallBacks(storage.sql) });
  }

  async done(callId: string, done: CallBackDone): Promise<Answer<CallBack>> {
    const { storage, outbound, exists, now } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const marked = storage.transactionSync(() => markCallBackDone(storage.sql, callId, done, now()));
    await outbound.sendDue();
    return marked;
  }
}
