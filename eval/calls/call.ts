import type { Act, Outcome } from '../../contract/act.ts';
import type { Lead } from '../../contract/lead.ts';
import { focusName } from '../../dialogue/decide/focus.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { outcomeOf } from '../../dialogue/outcome.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { initialState, type State } from '../../dialogue/state.ts';
import { step } from '../../dialogue/step.ts';
import { SimulatedCaller, type Reply } from './caller.ts';
import { chanceOf, type Chance } from './chance.ts';
import { falseClaims } from './claims.ts';
import { misheard } from './mishearing.ts';
import type { Scenario } from './scenario.ts';
import { existingOf, onTheWall, purposeOf } from './occasion.ts';
import { Tools } from './tools.ts';

/** What is left when the line is dead. */
export interface FinishedCall {
  /** As last saved; null when nothing was. */
  readonly lead: Lead | null;
  readonly outcome: Outcome;
  readonly tools: Tools;
  /** How often the caller spoke, or should have. */
  readonly turns: number;
  readonly falseClaims: readonly string[];
  /** One line a party: who, what, and why the agent said it. */
  readonly transcript: readonly string[];
}

/** No call is that long. */
const maxTurns = 100;
const turnMs = 4_000;

/** Makes one call, from the greeting until somebody hangs up. The same scenario and seed give the same call. */
export function makeCall(scenario: Scenario, bundle: Bundle, seed: number): FinishedCall {
  const line = new Line(scenario, bundle, chanceOf(scenario.id, seed));
  line.start();
  let turns = 0;
  while (!line.over && turns < maxTurns) {
    turns++;
    line.exchange();
  }
  return line.finish(turns);
}

class Line {
  over = false;
  private readonly scenario: Scenario;
  private readonly bundle: Bundle;
  private readonly chance: Chance;
  private readonly caller: SimulatedCaller;
  private readonly tools: Tools;
  private state: State;
  private nowMs: number;
  private lead: Lead | null = null;
  private callerHasSpoken = false;
  private lastWords: string[] = [];
  private readonly wrong: string[] = [];
  private readonly transcript: string[] = [];

  constructor(scenario: Scenario, bundle: Bundle, chance: Chance) {
    this.scenario = scenario;
    this.bundle = bundle;
    this.chance = chance;
    this.caller = new SimulatedCaller(scenario, chance);
    this.state = initialState(bundle);
    this.nowMs = onTheWall(bundle, scenario.now);
    this.tools = new Tools(bundle, scenario.world, existingOf(scenario, bundle));
  }

  start(): void {
    const { typed, caller, narrowband } = this.scenario;
    this.happens({
      type: 'call-start',
      nowMs: this.nowMs,
      disclosed: typed,
      typed,
      narrowband,
      purpose: purposeOf(this.scenario, this.tools),
      ...(caller.callsFrom === undefined ? {} : { callerNumber: caller.callsFrom }),
    });
  }

  /** Whoever is called is first asked who they are. */
  private get answersOurCall(): boolean {
    const { kind } = this.scenario.purpose;
    return kind === 'outreach' || kind === 'confirm-appointment';
  }

  /** The agent has spoken: what the caller heard of it, and what the caller does. */
  exchange(): void {
    const words = this.lastWords.join(' ');
    const heard = this.scenario.typed ? null : this.caller.talksOver();
    this.happens({
      type: 'agent-heard',
      nowMs: this.nowMs,
      text: heard === null ? words : words.slice(0, Math.floor(words.length * heard)),
      interrupted: heard !== null,
    });
    if (heard !== null) this.transcript.push(`        (talked over after ${Math.round(heard * 100)} %)`);
    const { focus, expecting, appointment } = this.state;
    const reply = this.caller.replyTo({
      focus,
      asks: this.callerHasSpoken || this.answersOurCall ? focusName(focus) : 'start',
      yesOrNo: expecting.kind === 'yes-no',
      digits: expecting.digits ?? 0,
      offered: appointment.offered,
      zone: this.bundle.scheduling.timeZone,
    });
    this.lastWords = [];
    this.nowMs += turnMs;
    this.does(reply);
  }

  private does(reply: Reply): void {
    if ('hangsUp' in reply) {
      this.transcript.push('caller  (hangs up)');
      this.over = true;
    } else if ('silent' in reply) {
      this.transcript.push('caller  (is silent)');
      this.happens({ type: 'caller-silent', nowMs: this.nowMs, silentMs: 6_000 });
    } else {
      this.callerHasSpoken = true;
      this.speaks(reply.say);
    }
  }

  private speaks(said: string): void {
    const { mishears, typed } = this.scenario;
    const text = mishears === undefined ? said : misheard(said, mishears, this.chance);
    // Where the recogniser errs, it often has the right words among its alternatives.
    const alternatives = text !== said && this.chance.happens(0.5) ? [{ text: said, confidence: 0.4 }] : [];
    this.transcript.push(`caller  ${said}${text === said ? '' : ` (heard: ${text})`}`);
    this.happens({
      type: 'caller-said',
      nowMs: this.nowMs,
      text,
      confidence: text === said ? 0.9 : 0.6,
      alternatives,
      typed,
    });
  }

  /** An event and what follows from it: a tool answers when all acts of the step are carried out. */
  private happens(first: DialogueEvent): void {
    const events = [first];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const { state, acts, record } = step(this.bundle, this.state, event);
      this.state = state;
      if (record?.heard !== undefined) this.transcript.push(`        [${record.chosen.rule}: ${record.chosen.reason}]`);
      for (const act of acts) events.push(...this.carryOut(act));
    }
  }

  private carryOut(act: Act): DialogueEvent[] {
    this.wrong.push(...falseClaims(this.bundle, act, this.state, this.tools, this.scenario.expect.never));
    if ('sentences' in act) {
      const said = act.sentences.map(({ text }) => text);
      this.lastWords.push(...said);
      this.transcript.push(`agent   ${said.join(' ')}`);
    } else if (act.type === 'save-lead') {
      this.lead = act.lead;
    } else if (act.type === 'end') {
      this.over = true;
    } else {
      const answer = this.tools.answer(act, this.nowMs);
      this.transcript.push(`        (${act.type}${answer === null ? '' : ` → ${answer.type}`})`);
      return answer === null ? [] : [answer];
    }
    return [];
  }

  finish(turns: number): FinishedCall {
    this.happens({ type: 'call-end', nowMs: this.nowMs });
    const { lead, tools, wrong, transcript } = this;
    return { lead, outcome: outcomeOf(this.bundle, this.state), tools, turns, falseClaims: wrong, transcript };
  }
}
