import type { DialogueEvent } from '../event.ts';
import { fixed } from '../phrase/sentences.ts';
import { goodToHearFromYou } from '../phrase/values.ts';
import { say, update, type Draft } from './draft.ts';
import { proceed } from './proceed.ts';
import type { Handled } from './tool-answers.ts';

/** Who is speaking, that it is an AI and written down where that was not said yet, and the first question. */
export function callStart(draft: Draft, event: Extract<DialogueEvent, { type: 'call-start' }>): Handled {
  const { bundle } = draft;
  update(draft, {
    typed: event.typed ?? false,
    line: { narrowband: event.narrowband ?? false, keypad: event.keypad ?? false },
    purpose: event.purpose ?? { kind: 'inbound' },
    ...(event.languageModel === true ? { consult: { turns: [], pending: null } } : {}),
    ...(event.callerTimeZone === undefined ? {} : { callerTimeZone: event.callerTimeZone }),
    ...(event.callerNumber === undefined ? {} : { callerNumber: event.callerNumber }),
  });
  say(draft, 'greet', [
    ...fixed(bundle.greeting),
    ...(event.disclosed ? [] : fixed(bundle.spokenDisclosure)),
    ...(event.callerName === undefined ? [] : [goodToHearFromYou(event.callerName)]),
    ...(event.keypad === true ? fixed(bundle.keypad?.lines ?? []) : []),
  ]);
  proceed(draft);
  return {
    rule: 'greet',
    why: event.disclosed ? 'The call starts; the page has disclosed the AI.' : 'The call starts with the disclosure.',
  };
}
