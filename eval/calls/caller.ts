import type { Slot } from '../../contract/scheduling.ts';
import type { Focus } from '../../dialogue/state.ts';
import type { Chance } from './chance.ts';
import { manners, type Manner } from './manner.ts';
import { nationalDigits, saidDigitCorrection, saidEmail, saidName, saidPhone, saidPiece } from './said-values.ts';
import type { Move, Profile, Scenario } from './scenario.ts';
import { saidChoice, suits } from './suitable-time.ts';

/** What a caller has to go by when the agent has finished. */
export interface AgentTurn {
  /** What the agent waits for, with what was read back. */
  readonly focus: Focus;
  /** Its name, as in an act's `about`; `start` before the caller's first words. */
  readonly asks: string;
  readonly yesOrNo: boolean;
  /** How many digits of a number it wants, or has read back; 0 when it wants something else. */
  readonly digits: number;
  readonly offered: readonly Slot[];
  readonly zone: string;
}

export type Reply = { readonly say: string } | { readonly silent: true } | { readonly hangsUp: true };

/** More often than this nobody answers the same question. */
const patience = 4;

/**
 * Somebody on the phone: knows some things, wants something, talks in some manner, and reacts to what the agent asks.
 * It never sees what the agent understood, only what the agent says and asks.
 */
export class SimulatedCaller {
  private profile: Profile;
  private readonly scenario: Scenario;
  private readonly chance: Chance;
  private readonly manner: Manner;
  private readonly moves: Move[];
  private readonly asked = new Map<string, number>();
  private readonly strayed = new Set<string>();
  /** What is still to be said of a number that is said in pieces. */
  private pieces: string[] = [];

  constructor(scenario: Scenario, chance: Chance) {
    this.scenario = scenario;
    this.profile = scenario.caller;
    this.moves = [...scenario.moves];
    this.chance = chance;
    this.manner = manners[scenario.persona];
  }

  /** Whether the caller talks over the agent this time; how much of it was out by then, 0 to 1. */
  talksOver(): number | null {
    const { talksOver } = this.manner;
    return talksOver !== undefined && this.chance.happens(talksOver) ? this.chance.pick([0.2, 0.5, 0.8]) : null;
  }

  replyTo(turn: AgentTurn): Reply {
    const question = questionOf(turn);
    const times = (this.asked.get(question) ?? 0) + 1;
    this.asked.set(question, times);
    const move = this.takeMove(turn.asks);
    if (move !== undefined) {
      this.profile = {
        ...this.profile,
        ...withoutUndefined(move.changes),
        knows: { ...this.profile.knows, ...move.changes.knows },
      };
      if (move.hangsUp && move.say === undefined) return { hangsUp: true };
      if (move.silent) return { silent: true };
      const say = this.variant(move.say ?? []);
      if (move.how === 'instead') return this.says(say);
      const answer = this.answer(turn, times) ?? '';
      return this.says(move.how === 'before' ? `${say} ${answer}` : `${answer} ${say}`);
    }
    if (times > patience) return { hangsUp: true };
    const stray = this.detour(turn.asks);
    if (stray !== undefined) return this.says(stray);
    const answer = this.answer(turn, times);
    return answer === null ? { silent: true } : this.says(this.chatter(answer));
  }

  private says(text: string): Reply {
    return { say: this.scenario.typed ? text : asHeard(text) };
  }

  private takeMove(asks: string): Move | undefined {
    const name = asks === 'anything-else' ? 'end' : asks;
    const at = this.moves.findIndex(
      (move) => move.at === name || move.at === asks || (move.at === 'any' && asks !== 'start'),
    );
    return at < 0 ? undefined : this.moves.splice(at, 1)[0];
  }

  private variant(variants: readonly string[]): string {
    if (this.manner.brief !== true) return this.chance.pick(variants) ?? '';
    return variants.reduce((best, other) => (other.length < best.length ? other : best), variants[0] ?? '');
  }

  private detour(asks: string): string | undefined {
    const { detours } = this.manner;
    if (detours === undefined || asks === 'start' || this.strayed.size >= detours.most || this.strayed.has(asks))
      return undefined;
    if (this.pieces.length > 0 || !this.chance.happens(detours.often)) return undefined;
    this.strayed.add(asks);
    return this.chance.pick(detours.say);
  }

  private chatter(answer: string): string {
    const { chatter } = this.manner;
    if (chatter === undefined || this.pieces.length > 0 || !this.chance.happens(chatter.often)) return answer;
    return this.chance.happens(0.5)
      ? `${this.chance.pick(chatter.before) ?? ''} ${answer}`
      : `${answer} ${this.chance.pick(chatter.after) ?? ''}`;
  }

  private answer(turn: AgentTurn, times: number): string | null {
    const { focus } = turn;
    if (focus.kind !== 'contact') this.pieces = [];
    const { profile } = this;
    const { opening } = profile;
    if (turn.asks === 'start' && opening !== undefined) return this.variant(opening);
    switch (focus.kind) {
      case 'none':
        return null;
      case 'question':
        return (
          this.known(focus.id) ?? this.variant(["i don't know", 'no idea', "i'm not sure", 'i really have no idea'])
        );
      case 'name':
        return profile.name === undefined
          ? this.variant(["i'd rather not say", 'i would rather not say'])
          : this.scenario.typed
            ? profile.name
            : saidName(profile.name, this.chance, this.manner.brief === true, times);
      case 'contact':
        return this.contact(focus.by, times);
      case 'confirm-phone':
        return focus.phone === profile.phone ? this.agrees() : this.corrects(profile.phone, focus.phone);
      case 'number-piece':
        return this.saysPiece(focus.confirmed, turn.digits);
      case 'confirm-piece':
        return this.judgesPiece(focus.confirmed, focus.piece);
      case 'confirm-email':
        return focus.email === profile.email
          ? this.agrees()
          : profile.email === undefined
            ? this.denies()
            : `no it's ${this.spoken(profile.email, saidEmail)}`;
      case 'want-appointment':
        return profile.wants === 'appointment' ? this.accepts() : this.declines();
      case 'preference':
        return this.variant(profile.when?.says ?? ['any day is fine', 'any time', 'whatever you have']);
      case 'slot':
        return this.wantsTime ? this.chooses(turn) : this.declines();
      case 'confirm-slot':
        if (!this.wantsTime) return this.declines();
        return suits(focus.slot, profile.when, turn.zone)
          ? this.agrees()
          : `no ${this.variant(profile.when?.says ?? [''])}`.trim();
      case 'offer-call-back':
        return profile.wants === 'call-back' ? this.accepts() : this.declines();
      case 'identify':
        return this.isCalled ? this.identifies() : this.isAnother();
      case 'good-time':
        return this.known('good-time') ?? (profile.wants === 'nothing' ? this.declines() : this.accepts());
      case 'keep-appointment':
        return profile.wants === 'move' || profile.wants === 'cancel'
          ? this.variant(["no i can't", 'no', "i can't make it", "no i won't be there"])
          : this.variant(['yes', "yes i'll be there", 'yes i will', "i'll be there"]);
      case 'change-how':
        return profile.wants === 'cancel'
          ? this.variant(['cancel it', 'cancel it please', "i'd like to cancel"])
          : this.variant(['move it', 'move it please', 'another time please', "i'd like to move it"]);
      case 'confirm-cancel':
        return profile.wants === 'cancel' ? this.accepts() : this.declines();
      case 'anything-else':
        return this.variant([
          'no',
          'no thanks',
          "no that's all",
          "no thank you that's all",
          'nope bye',
          "that's it thanks bye",
        ]);
      default:
        return this.known(turn.asks) ?? (turn.yesOrNo ? this.agrees() : this.variant(["i don't know"]));
    }
  }

  private get wantsTime(): boolean {
    return this.profile.wants === 'appointment' || this.profile.wants === 'move';
  }

  /** Whether this is whom the agent has called. */
  private get isCalled(): boolean {
    const { purpose, existing } = this.scenario;
    const called = purpose.kind === 'outreach' ? purpose.contact : existing?.attendee;
    return called !== undefined && called.name === this.profile.name;
  }

  private identifies(): string {
    const first = this.profile.name?.split(' ')[0] ?? '';
    return this.variant(['speaking', 'yes', 'yes speaking', `this is ${first}`, "that's me", 'yes it is']);
  }

  private isAnother(): string {
    return this.variant([
      'no',
      'no you have the wrong number',
      "there's nobody by that name here",
      "no she isn't here",
    ]);
  }

  private saysPiece(confirmed: string, count: number): string {
    const { phone } = this.profile;
    if (phone === undefined || this.profile.reachedBy === 'neither') return this.declines();
    return saidPiece(phone, confirmed.length, count, this.chance);
  }

  private judgesPiece(confirmed: string, read: string): string {
    const { phone = '' } = this.profile;
    const right = nationalDigits(phone).slice(confirmed.length, confirmed.length + read.length);
    if (right === read) return this.agrees();
    if (!this.chance.happens(0.5)) return this.denies();
    return saidDigitCorrection(right, read) ?? `no ${saidPiece(phone, confirmed.length, read.length, this.chance)}`;
  }

  private known(question: string): string | undefined {
    const variants = this.profile.knows[question];
    return variants === undefined ? undefined : this.variant(variants);
  }

  private agrees(): string {
    return this.variant(['yes', "yes that's right", 'correct', 'yep', "that's right", 'yeah', 'yes it is']);
  }

  private denies(): string {
    return this.variant(['no', "no that's wrong", "no that's not right"]);
  }

  private accepts(): string {
    return this.variant(['yes', 'yes please', 'sure', 'okay', 'yes that would be great', 'yeah go ahead', 'why not']);
  }

  private declines(): string {
    return this.variant(['no', 'no thanks', 'not right now', "no i don't think so", "no that's okay"]);
  }

  private contact(by: 'phone' | 'email', times: number): string | null {
    const { phone, email, reachedBy } = this.profile;
    const next = this.pieces.shift();
    if (next !== undefined) return next;
    if (reachedBy === 'neither' || (phone === undefined && email === undefined))
      return this.variant(["i'd rather not", 'i would rather not say', "i'd rather not give that out"]);
    const mail = reachedBy === 'email' || phone === undefined;
    if (mail && email !== undefined) {
      if (by === 'phone' && times === 1 && this.chance.happens(0.4))
        return this.variant(['can i give you my email', 'by email please']);
      return this.spoken(email, saidEmail);
    }
    return this.dictates(phone ?? '', times);
  }

  private dictates(phone: string, times: number): string {
    if (this.scenario.typed)
      return this.chance.pick([phone, phone.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')]);
    const [first, ...rest] = saidPhone(phone, this.chance, this.manner.brief === true || times > 2);
    this.pieces = rest;
    return first ?? '';
  }

  private corrects(right: string | undefined, read: string): string {
    if (right === undefined || !this.chance.happens(0.7)) return this.denies();
    if (this.scenario.typed) return `no it's ${right}`;
    return saidDigitCorrection(right, read) ?? `no it's ${saidPhone(right, this.chance, true).join(' ')}`;
  }

  private chooses({ offered, zone }: AgentTurn): string {
    const { when } = this.profile;
    const good = offered.filter((slot) => suits(slot, when, zone));
    const slot = this.chance.pick(good);
    if (slot !== undefined) return this.variant(saidChoice(slot, offered, zone));
    return this.variant(when?.says ?? ['none of those']);
  }

  private spoken(value: string, said: (value: string) => string): string {
    return this.scenario.typed ? value : said(value);
  }
}

/** Each piece of a number is a question of its own, and so is a shorter piece. */
const questionOf = ({ asks, focus, digits }: AgentTurn): string =>
  focus.kind === 'number-piece' || focus.kind === 'confirm-piece'
    ? `${asks}, ${digits} after ${focus.confirmed}`
    : asks;

/** As recognised speech comes: lower case, no punctuation. */
const asHeard = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' ]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const withoutUndefined = (changes: Move['changes']): Partial<Profile> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
