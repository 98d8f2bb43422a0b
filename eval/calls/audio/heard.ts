import { DateTime } from 'luxon';
import type { Slot } from '../../../contract/scheduling.ts';
import type { Bundle } from '../../../dialogue/playbook/bundle.ts';
import { defaultWording, type WordingKey } from '../../../dialogue/phrase/wording.ts';
import type { Focus } from '../../../dialogue/state.ts';

/** What a listener takes from an agent's turn. Null: it asks nothing. */
export interface Question {
  readonly focus: Focus | { readonly kind: 'piece'; readonly from: 'first' | 'next'; readonly count: number };
  /** Digits that were read back for a yes or a no. */
  readonly readBack?: string;
  readonly offered: readonly Slot[];
  /** The agent has not heard or understood: the last words are to be said again. */
  readonly again?: true;
}

type Asks = Question['focus'] | 'read-back' | 'again';

const engineAsks: Readonly<Partial<Record<WordingKey, Asks>>> = {
  'ask-name': { kind: 'name' },
  'ask-name-again': { kind: 'name' },
  'ask-phone': { kind: 'contact', by: 'phone' },
  'ask-phone-again': { kind: 'contact', by: 'phone' },
  'more-digits': { kind: 'contact', by: 'phone' },
  'ask-email': { kind: 'contact', by: 'email' },
  'ask-email-again': { kind: 'contact', by: 'email' },
  'more-email': { kind: 'contact', by: 'email' },
  'first-piece': { kind: 'piece', from: 'first', count: 3 },
  'next-piece': { kind: 'piece', from: 'next', count: 3 },
  'last-piece': { kind: 'piece', from: 'next', count: 4 },
  'first-two-digits': { kind: 'piece', from: 'first', count: 2 },
  'next-two-digits': { kind: 'piece', from: 'next', count: 2 },
  'first-digit': { kind: 'piece', from: 'first', count: 1 },
  'next-digit': { kind: 'piece', from: 'next', count: 1 },
  'is-that-right': 'read-back',
  'confirm-again': 'again',
  'still-there': 'again',
  'not-understood': 'again',
  'not-understood-again': 'again',
  'offer-appointment': { kind: 'want-appointment' },
  'offer-appointment-again': { kind: 'want-appointment' },
  'other-day': { kind: 'preference' },
  'which-time': { kind: 'slot' },
  'which-time-again': { kind: 'slot' },
  'does-it-suit': { kind: 'slot' },
  'offer-call-back': { kind: 'offer-call-back' },
  'silent-offer': { kind: 'offer-call-back' },
  'anything-else': { kind: 'anything-else' },
  'what-else': { kind: 'anything-else' },
};

/** Understands the agent by its captions, as somebody does who listens: the last question counts. */
export class Listener {
  private readonly bundle: Bundle;
  private readonly nowMs: number;
  private readonly sentences: { readonly text: string; readonly asks: Asks }[] = [];
  private last: Question | null = null;
  private offered: readonly Slot[] = [];

  constructor(bundle: Bundle, nowMs: number) {
    this.bundle = bundle;
    this.nowMs = nowMs;
    for (const { id, ask, again } of bundle.questions) {
      for (const { text } of [...ask, ...again]) this.sentences.push({ text, asks: { kind: 'question', id } });
    }
    for (const key of Object.keys(engineAsks) as WordingKey[]) {
      const asks = engineAsks[key];
      const lines = bundle.wording[key]?.map(({ text }) => text) ?? defaultWording[key];
      if (asks !== undefined) for (const text of lines) this.sentences.push({ text, asks });
    }
  }

  hear(words: string): Question | null {
    let [at, asks]: [number, Asks | null] = [-1, null];
    for (const sentence of this.sentences) {
      const found = words.lastIndexOf(sentence.text);
      if (found > at) [at, asks] = [found, sentence.asks];
    }
    // "Shall I book it?" is about the time just named, whatever else the sentence is for.
    const booking = words.lastIndexOf(this.line('shall-i-book'));
    const slots = slotsIn(words, this.bundle.scheduling.timeZone, this.nowMs);
    if (booking >= 0 && booking > at) {
      const slot = slots.at(-1) ?? this.slotOfLast();
      if (slot !== undefined) return this.remember({ kind: 'confirm-slot', slot }, this.offered);
    }
    if (asks === null) return null;
    if (asks === 'again') return this.last === null ? null : { ...this.last, again: true };
    if (asks === 'read-back') return this.readBack(words.slice(0, at));
    if (asks.kind === 'slot' && slots.length > 0) this.offered = slots;
    return this.remember(asks, asks.kind === 'slot' ? this.offered : []);
  }

  private readBack(words: string): Question | null {
    const phone = words.match(/\b\d{3}-\d{3}-\d{4}\b/g)?.at(-1);
    if (phone !== undefined) {
      return this.remember({ kind: 'confirm-phone', phone: `+1${phone.replaceAll('-', '')}` }, []);
    }
    const email = words.match(/[^\s@]+@[^\s@]+\.[a-z]+/gi)?.at(-1);
    if (email !== undefined) return this.remember({ kind: 'confirm-email', email }, []);
    const digits = words
      .match(/\b\d(?: \d){0,3}(?=\.)/g)
      ?.at(-1)
      ?.replaceAll(' ', '');
    if (digits === undefined) return this.last;
    return (this.last = { focus: { kind: 'piece', from: 'next', count: 0 }, readBack: digits, offered: [] });
  }

  private remember(focus: Question['focus'], offered: readonly Slot[]): Question {
    return (this.last = { focus, offered });
  }

  private slotOfLast(): Slot | undefined {
    const focus = this.last?.focus;
    return focus?.kind === 'confirm-slot' ? focus.slot : undefined;
  }

  private line(key: WordingKey): string {
    return this.bundle.wording[key]?.at(-1)?.text ?? defaultWording[key].at(-1) ?? '';
  }
}

const named = /(?:[A-Z][a-z]+day, ([A-Z][a-z]+ \d{1,2}) at|(?<=[.?] |^)(?:Or at|At)) (\d{1,2})(?::(\d{2}))? ([AP]M)/g;
const hourMs = 3_600_000;

/** "Tuesday, November 24 at 10 AM. Or at 2 PM." A day that was just named is not named again. */
export function slotsIn(words: string, zone: string, nowMs: number): Slot[] {
  const now = DateTime.fromMillis(nowMs, { zone });
  const slots: Slot[] = [];
  let day: string | undefined;
  for (const [, date, hour = '', minute = '00', half = ''] of words.matchAll(named)) {
    day = date ?? day;
    if (day === undefined) continue;
    const read = (year: number) =>
      DateTime.fromFormat(`${day} ${year} ${hour}:${minute} ${half}`, 'LLLL d yyyy h:mm a', { zone, locale: 'en-US' });
    const thisYear = read(now.year);
    const at = thisYear < now.minus({ days: 1 }) ? read(now.year + 1) : thisYear;
    if (at.isValid) slots.push({ startMs: at.toMillis(), endMs: at.toMillis() + hourMs });
  }
  return slots;
}
