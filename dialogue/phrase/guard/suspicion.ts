import { dayNames, monthNames } from '../../capture/calendar-names.ts';
import { firstNames, lastNames } from '../../capture/names.ts';

/** Why a sentence may not be spoken, for the decision record. */
export type Suspicion =
  | 'empty'
  | 'too-long'
  | 'unusual-characters'
  | 'forbidden-phrase'
  | 'wrong-citation'
  | 'number'
  | 'price'
  | 'date-or-time'
  | 'name'
  | 'link-or-contact'
  | 'commitment'
  | 'claims-to-be-human'
  | 'markup-or-instructions'
  | 'not-in-the-playbook';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const numbers = words(
  'couple dozen half double twice triple quarter third hundred thousand million grand several few most none zero k',
);
const prices = words(
  `$ % € £ ¥ dollar dollars buck bucks cent cents euro euros pound pounds percent price prices priced cost costs charge charges
  fee fees free cheap cheaper cheapest discount discounts deal off sale complimentary gratis refund waive waived rebate
  coupon bonus house nothing pay paid payment deposit quote`,
);
const times = words(
  `today tomorrow tonight yesterday morning afternoon evening noon midnight weekend week weeks month months year years day days
  hour hours minute minutes soon immediately daily o'clock ${dayNames.join(' ')} ${monthNames.join(' ')}`,
);
const commitments = words(
  `will shall promise promised promises guarantee guaranteed guarantees warranty booked scheduled reserved confirmed arranged
  sent cancelled canceled moved transferred ensure assure assured swear refund callback commit committed set`,
);
const instructions = words('< > { } [ ] ` * # | _ ~ ^ = \\ system prompt instructions instruction ignore assistant');
const contacts = words('@ / www http https com net org dot link website email');
const humans = words('human person real man woman employee');
const people = new Set([...firstNames, ...lastNames].filter((name) => name !== 'will' && name !== 'may'));

/** What may be wrong with a sentence that could not be verified. Only names it; it has been refused already. */
export function suspicionsOf(text: string, tokens: readonly string[]): Suspicion[] {
  const found = new Set<Suspicion>(['not-in-the-playbook']);
  for (const token of tokens) {
    if (token.startsWith('usd:') || token.startsWith('percent:') || prices.has(token)) found.add('price');
    if (/^(?:n|ord|usd|percent):/.test(token) || numbers.has(token)) found.add('number');
    if (/^(?:time|clock):/.test(token) || times.has(token)) found.add('date-or-time');
    if (commitments.has(token)) found.add('commitment');
    if (instructions.has(token)) found.add('markup-or-instructions');
    if (token.startsWith('phone:') || contacts.has(token)) found.add('link-or-contact');
    if (people.has(token)) found.add('name');
  }
  if (tokens.includes('am') && tokens.includes('i') && tokens.some((token) => humans.has(token)))
    found.add('claims-to-be-human');
  // A capital inside a sentence.
  if (/[\p{Ll},] \p{Lu}[\p{Ll}]/u.test(text)) found.add('name');
  return [...found];
}
