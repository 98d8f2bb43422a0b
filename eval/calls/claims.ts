import type { Act, SpokenAct } from '../../contract/act.ts';
import type { State } from '../../dialogue/state.ts';
import { displayPhone } from '../../dialogue/capture/phone.ts';
import { slotText } from '../../dialogue/phrase/values.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { Tools } from './tools.ts';

/**
 * What the agent says about the world and is not so: a price that the playbook does not have, a booking that the
 * calendar does not have, a time that nobody offered, a promise that nobody recorded, a number that nobody gave.
 */
export function falseClaims(bundle: Bundle, act: Act, state: State, tools: Tools, never: readonly string[]): string[] {
  if (!('sentences' in act)) return [];
  return act.sentences.flatMap(({ text }) => {
    const wrong = (what: string) => [`says "${text}", but ${what}`];
    const lower = text.toLowerCase();
    return [
      ...never
        .filter((words) => lower.includes(words.toLowerCase()))
        .flatMap((words) => wrong(`must not say "${words}"`)),
      ...sumsIn(text)
        .filter((sum) => !sumsOf(bundle).has(sum))
        .flatMap((sum) => wrong(`${sum} is not in the playbook`)),
      ...(/\b(?:you are|you're|it is|it's|have you) (?:all set|booked|confirmed)\b|\bi(?:'ve| have) booked\b/i.test(
        text,
      ) && tools.booked.length === 0
        ? wrong('the calendar has no appointment')
        : []),
      ...changesIn(text)
        .filter((change) => tools.existingNow?.is !== change)
        .flatMap((change) => wrong(`no appointment is ${change}`)),
      ...unnamedTimes(bundle, text, tools).flatMap((time) => wrong(`the calendar has never named "${time}"`)),
      ...numbersIn(text)
        .filter((number) => !knownNumbers(bundle, state).has(number))
        .flatMap((number) => wrong(`nobody has given ${number}`)),
      ...addressesIn(text)
        .filter((address) => !mayBeSaid(address, bundle, state))
        .flatMap((address) => wrong(`nobody has given ${address}`)),
      ...promises(act, text, tools).flatMap(() => wrong('no call back is recorded')),
    ];
  });
}

/** "It is moved", "your appointment is confirmed" … */
const changesIn = (text: string): string[] =>
  [...text.toLowerCase().matchAll(/\b(?:it|appointment) (?:is|has been) (moved|cancelled|confirmed)\b/g)].flatMap(
    ([, change]) => change ?? [],
  );

const sumsIn = (text: string): string[] => text.match(/\$\s?\d[\d,.]*\d|\$\s?\d|\d+(?:\.\d+)?\s?%/g) ?? [];

const sums = new WeakMap<Bundle, ReadonlySet<string>>();

/** Every sum and percentage in the owner's own sentences. */
function sumsOf(bundle: Bundle): ReadonlySet<string> {
  let known = sums.get(bundle);
  if (known === undefined) {
    const { classifier: _, speech: __, ...texts } = bundle;
    sums.set(bundle, (known = new Set(sumsIn(JSON.stringify(texts)))));
  }
  return known;
}

const saidTime = /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d{1,2} at \d{1,2}(?::\d{2})? [AP]M/g;

function unnamedTimes(bundle: Bundle, text: string, tools: Tools): string[] {
  const said = text.match(saidTime);
  if (said === null) return [];
  const named = new Set(tools.named.map((slot) => slotText(bundle, slot)));
  return said.filter((time) => !named.has(time));
}

const numbersIn = (text: string): string[] => text.match(/\b\d{3}-\d{3}-\d{4}\b|\+\d{8,15}\b/g) ?? [];
const addressesIn = (text: string): string[] => text.match(/[^\s@]+@[^\s@]+\.[a-z]+/gi) ?? [];

function knownNumbers({ business }: Bundle, { lead, callerNumber }: State): ReadonlySet<string> {
  return new Set([business.phone, lead.phone, callerNumber].filter((number) => number !== undefined).map(displayPhone));
}

const mayBeSaid = (address: string, bundle: Bundle, { lead }: State): boolean =>
  address === lead.email || JSON.stringify(bundle.facts).includes(address);

const promises = (act: SpokenAct, text: string, tools: Tools): string[] =>
  act.type === 'promise' && tools.callBacks.length === 0 ? [text] : [];
