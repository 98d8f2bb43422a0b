import type { CallEvent, CallFact } from '../../../contract/call-event.ts';
import { closingTimeMs, ownerOf } from '../../../dialogue/decide/routing.ts';
import { wording } from '../../../dialogue/phrase/sentences.ts';
import { type Bundle, parseBundle } from '../../../dialogue/playbook/bundle.ts';
import { playbookJson } from '../../business/playbooks.ts';
import { unknownLead } from '../../business/projection.ts';

/** The whole of an active playbook: what is said is in it. */
export async function readBundle(sql: SqlStorage, hash: string): Promise<Bundle> {
  const json = await playbookJson(sql, hash);
  return parseBundle(JSON.parse(new TextDecoder().decode(json ?? new ArrayBuffer(0))));
}

/** What a caller hears whom no agent can answer, in the playbook's words. */
export function wordsWhenBusy(bundle: Bundle, promised: boolean): string[] {
  const said = promised
    ? wording(bundle, 'transfer-nobody', 'call-back-promise')
    : wording(bundle, 'call-back-not-saved');
  return [...bundle.greeting, ...said, ...wording(bundle, 'goodbye')].map(({ text }) => text);
}

/** The record of such a call: what was promised, to whom, by when, and who owes it. */
export function callBackEvents(
  bundle: Bundle,
  caller: { readonly callerNumber: string | undefined; readonly dialledNumber: string | undefined },
  nowMs: number,
): CallEvent[] {
  const { callerNumber, dialledNumber } = caller;
  const start: CallFact = {
    type: 'call-start',
    door: 'phone',
    mode: 'voice',
    playbook: bundle.hash,
    node: 'none',
    locale: bundle.locale,
    ...(callerNumber === undefined ? {} : { callerNumber }),
    ...(dialledNumber === undefined ? {} : { dialledNumber }),
  };
  const end = (outcome: 'call-back-promised' | 'no-speech'): CallFact => ({
    type: 'call-end',
    reason: 'interrupted',
    outcome,
  });
  if (callerNumber === undefined) return inOrder([start, end('no-speech')], nowMs);
  const person = bundle.routing?.people.find(({ id }) => id === bundle.routing?.otherwise);
  const promisedForMs = closingTimeMs(bundle.scheduling, bundle.routing?.callBackWithinOpenDays ?? 1, nowMs);
  const promise = {
    reason: 'All lines were busy',
    ...(person === undefined ? {} : { owner: ownerOf(person) }),
    ...(promisedForMs === null ? {} : { promisedForMs }),
  };
  const lead: CallFact = {
    type: 'lead',
    lead: { ...unknownLead, phone: callerNumber, stage: 'call-back', callBack: promise },
  };
  return inOrder([start, lead, { type: 'call-back-promised', ...promise }, end('call-back-promised')], nowMs);
}

const inOrder = (facts: readonly CallFact[], atMs: number): CallEvent[] =>
  facts.map((fact, seq) => ({ seq, atMs, fact }));
