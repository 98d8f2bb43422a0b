import type { Act, Outcome, SpokenAct } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { outcomeOf } from '../../dialogue/outcome.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { initialState } from '../../dialogue/state.ts';
import { step } from '../../dialogue/step.ts';
import { completeness, isBackchannel } from '../../dialogue/turn-hint.ts';
import type { Completeness } from '../agent/turn/endpointing.ts';
import type { Voice, VoiceListener, VoiceRemainder, VoiceSentence } from '../agent/speak/voice.ts';
import { AgentTurns } from './agent-turns.ts';
import type { Guard } from './guard.ts';
import type { HeardTurn } from './hearing.ts';
import { type MediaStats, turnLatency } from './latency.ts';
import type { TellPage } from './page.ts';
import type { Recorder } from './recorder.ts';
import { SilenceTimer } from './silence-timer.ts';
import { callBackFact, type ToolAct, toolFacts } from './tool-facts.ts';
import type { Tools } from './tools.ts';

export interface ConversationOptions {
  readonly bundle: Bundle;
  readonly tools: Tools;
  readonly recorder: Recorder;
  readonly tellPage: TellPage;
  readonly now: () => number;
  readonly guard: Guard;
  /** The caller is asked whether they are still there after this long. */
  readonly silenceMs: number;
  readonly mediaStats: () => MediaStats | undefined;
  /** The agent has said goodbye and it has been heard. */
  readonly onFinished: (reason: EndReason) => void;
  readonly makeVoice: (listener: VoiceListener) => Voice;
}

type Said = Pick<HeardTurn, 'text' | 'confidence' | 'alternatives' | 'startMs' | 'endMs'>;

/** Carries the dialogue's acts out and brings back what came of them. The same for every door. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #voice: Voice;
  readonly #turns: AgentTurns;
  readonly #silence: SilenceTimer;
  readonly #toolsAtWork = new Set<Promise<void>>();
  #state;
  #callerSpeaking = false;
  /** Came up while the caller was speaking: said once it is the agent's turn again. */
  #held: VoiceSentence[] = [];
  /** Stopped by the caller's voice; it may turn out to have been a cough. */
  #interrupted: VoiceRemainder | undefined;
  #finishing: EndReason | undefined;
  #replyTo: { turn: number; heard: HeardTurn; decidedAtMs: number } | undefined;
  #closed = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#state = initialState(options.bundle);
    this.#turns = new AgentTurns(options.recorder, options.tellPage, options.now);
    this.#voice = options.makeVoice(this.#voiceListener());
    this.#silence = new SilenceTimer(options.silenceMs, (silentMs) => {
      options.guard('silence', () => this.#dispatch({ type: 'caller-silent', nowMs: options.now(), silentMs }));
    });
  }

  get voice(): Voice {
    return this.#voice;
  }

  get outcome(): Outcome {
    return outcomeOf(this.#options.bundle, this.#state);
  }

  get state() {
    return this.#state;
  }

  start(start: { disclosed: boolean; typed: boolean; callerTimeZone?: string }): void {
    this.#dispatch({ type: 'call-start', nowMs: this.#options.now(), ...start });
  }

  completeness(text: string): Completeness {
    return completeness(this.#options.bundle, this.#state, text, this.#options.now());
  }

  /** Certain speech: the agent stops at once, and waits for what it was. */
  speechStart(): void {
    this.#callerSpeaking = true;
    this.#silence.stop();
    this.#stopVoice();
    this.#options.tellPage({ type: 'agent-state', state: 'listening' });
  }

  partial(text: string): void {
    this.#turns.callerCaption(text, false);
  }

  /** What will probably have to be said: its audio is made while the turn's end is awaited. Deciding twice costs microseconds. */
  preview(text: string): void {
    if (this.#isBackchannel(text)) return;
    const event = this.#saidEvent({ text, confidence: 1, alternatives: [] }, false);
    const { acts } = step(this.#options.bundle, this.#state, event);
    const spoken = acts.flatMap((act) => ('sentences' in act ? act.sentences : []));
    this.#voice.prefetch(spoken.map((sentence) => sentence.spoken ?? sentence.text));
  }

  /** A whole turn. A mere "uh-huh" over the agent's voice is none. */
  heard(turn: HeardTurn): void {
    if (!turn.text || (this.#interrupted && this.#isBackchannel(turn.text))) {
      this.heardNothing();
      return;
    }
    this.#settleInterruption();
    this.#callerSaid(turn, false, turn);
  }

  /** The caller made a sound that is no turn, or that was lost: the agent goes on. */
  heardNothing(): void {
    this.#replyTo = undefined;
    this.#turns.dropCallerCaption();
    this.resume();
  }

  typed(text: string): void {
    this.#silence.stop();
    this.#stopVoice();
    this.#settleInterruption();
    const nowMs = this.#options.now();
    this.#callerSaid({ text, confidence: 1, alternatives: [], startMs: nowMs, endMs: nowMs }, true);
  }

  /** The visitor is writing: not silent. */
  typing(): void {
    this.#silence.restart();
  }

  /** Media is away: what was not heard is said again when it is back. */
  pause(): void {
    this.#silence.stop();
    this.#stopVoice();
  }

  resume(): void {
    this.#callerSpeaking = false;
    const remainder = this.#interrupted;
    this.#interrupted = undefined;
    if (remainder) this.#voice.resume(remainder);
    this.#sayHeld();
    if (!this.#voice.speaking) this.#callersTurn();
  }

  /**
   * The last thing that happens, however the call ends: nothing more is said. Resolves when tools that are at work have
   * answered, so that the record has what they did.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#silence.stop();
    this.#stopVoice();
    if (this.#interrupted) this.#turns.interrupt(this.#interrupted);
    this.#interrupted = undefined;
    await Promise.all(this.#toolsAtWork);
    this.#apply({ type: 'call-end', nowMs: this.#options.now() });
  }

  #voiceListener(): VoiceListener {
    const { guard, recorder } = this.#options;
    return {
      sentenceStart: (sentence, at) => {
        this.#turns.sentenceStart(sentence.id, at.sentAtMs);
        this.#recordLatency(at);
      },
      sentenceEnd: (sentence) => this.#turns.sentenceEnd(sentence.id),
      sentenceFailed: (sentence, cause) => {
        guard('synthesis', () => this.#turns.sentenceFailed(sentence.id));
        recorder.degraded('synthesis', cause);
      },
      idle: () => guard('turn', () => this.#agentFinished()),
    };
  }

  #isBackchannel(text: string): boolean {
    return isBackchannel(this.#options.bundle, this.#state, text);
  }

  #saidEvent(said: Pick<Said, 'text' | 'confidence' | 'alternatives'>, typed: boolean): DialogueEvent {
    const { text, confidence, alternatives } = said;
    return { type: 'caller-said', nowMs: this.#options.now(), text, confidence, alternatives, typed };
  }

  #callerSaid(said: Said, typed: boolean, heard?: HeardTurn): void {
    this.#callerSpeaking = false;
    this.#finishing = undefined;
    this.#turns.callerCaption(said.text, true);
    this.#options.tellPage({ type: 'agent-state', state: 'thinking' });
    this.#sayHeld();
    const { text, confidence, startMs, endMs } = said;
    const alternatives = [...said.alternatives];
    this.#dispatch(this.#saidEvent(said, typed), (turn) => {
      this.#options.recorder.add({ type: 'caller-turn', turn, text, confidence, alternatives, typed, startMs, endMs });
      this.#replyTo = heard ? { turn, heard, decidedAtMs: this.#options.now() } : undefined;
    });
  }

  #dispatch(event: DialogueEvent, beforeActs?: (turn: number) => void): void {
    const { acts, turn } = this.#apply(event, beforeActs);
    const endReason = event.type === 'caller-silent' ? 'caller-silent' : 'agent-goodbye';
    for (const act of acts) this.#perform(act, turn, endReason);
    if (acts.length === 0 && !this.#voice.speaking) this.#callersTurn();
  }

  #apply(event: DialogueEvent, beforeActs?: (turn: number) => void): { acts: readonly Act[]; turn: number } {
    const { state, acts, record } = step(this.#options.bundle, this.#state, event);
    this.#state = state;
    beforeActs?.(record?.turn ?? state.turn);
    if (record) this.#options.recorder.add({ type: 'decision', record });
    this.#options.recorder.setOutcome(this.outcome);
    return { acts, turn: record?.turn ?? state.turn };
  }

  /** After the end only what was learnt is kept: nobody is there to be spoken to. */
  #perform(act: Act, turn: number, endReason: EndReason): void {
    if (this.#closed && act.type !== 'save-lead') return;
    switch (act.type) {
      case 'find-slots':
      case 'book':
      case 'transfer':
        this.#useTool(act);
        return;
      case 'promise-call-back':
        this.#options.recorder.add(callBackFact(act));
        this.#soon('promise', () => {
          this.#dispatch({ type: 'call-back-recorded', nowMs: this.#options.now(), requestId: act.requestId });
        });
        return;
      case 'save-lead':
        this.#options.recorder.add({ type: 'lead', lead: act.lead });
        return;
      case 'end':
        this.#finishing = endReason;
        if (!this.#voice.speaking) this.#soon('end', () => this.#finish());
        return;
      default:
        this.#speak(act, turn);
    }
  }

  #useTool(act: ToolAct): void {
    const work = this.#options.tools.carryOut(act).then((event) => {
      this.#noteTool(act, event);
      this.#dispatch(event);
    });
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#toolsAtWork.add(settled);
    void settled.then(() => this.#toolsAtWork.delete(settled));
    this.#options.guard('tool', () => work);
  }

  #noteTool(act: ToolAct, event: DialogueEvent): void {
    const { recorder, tellPage } = this.#options;
    if (event.type === 'tool-failed') recorder.degraded(act.type === 'transfer' ? 'transfer' : 'calendar', event.cause);
    for (const fact of toolFacts(act, event)) recorder.add(fact);
    if (event.type !== 'booking-answered' || event.answer.status !== 'booked') return;
    const { serviceName, startMs, endMs, timeZone, icsUrl } = event.answer.appointment;
    tellPage({ type: 'booked', serviceName, startMs, endMs, timeZone, icsUrl });
  }

  #speak(act: SpokenAct, turn: number): void {
    const sentences = this.#turns.begin(act, turn);
    this.#silence.stop();
    if (this.#callerSpeaking) this.#held.push(...sentences);
    else this.#voice.say(sentences);
  }

  #sayHeld(): void {
    const sentences = this.#held;
    this.#held = [];
    if (sentences.length > 0) this.#voice.say(sentences);
  }

  /** After the acts at hand, and before anything else can happen. */
  #soon(label: string, work: () => void): void {
    queueMicrotask(() => this.#options.guard(label, work));
  }

  #recordLatency(at: { readyAtMs: number; sentAtMs: number }): void {
    this.#options.tellPage({ type: 'agent-state', state: 'speaking' });
    if (!this.#replyTo) return;
    this.#options.recorder.add(turnLatency({ ...this.#replyTo, ...at }, this.#options.mediaStats()));
    this.#replyTo = undefined;
  }

  #agentFinished(): void {
    if (this.#closed) return;
    const text = this.#turns.takeHeard();
    if (text) this.#apply({ type: 'agent-heard', nowMs: this.#options.now(), text, interrupted: false });
    if (this.#finishing) this.#finish();
    else this.#callersTurn();
  }

  #callersTurn(): void {
    if (this.#closed || this.#callerSpeaking) return;
    this.#options.tellPage({ type: 'agent-state', state: 'listening' });
    this.#silence.start();
  }

  #finish(): void {
    const reason = this.#finishing;
    this.#finishing = undefined;
    if (reason && !this.#closed) this.#options.onFinished(reason);
  }

  #stopVoice(): void {
    if (!this.#voice.speaking) return;
    const { sentences } = this.#voice.stop();
    this.#replyTo = undefined;
    this.#options.tellPage({ type: 'flush' });
    this.#interrupted = { sentences: [...(this.#interrupted?.sentences ?? []), ...sentences] };
  }

  #settleInterruption(): void {
    const remainder = this.#interrupted;
    this.#interrupted = undefined;
    if (!remainder) return;
    this.#turns.interrupt(remainder);
    const text = this.#turns.takeHeard();
    this.#apply({ type: 'agent-heard', nowMs: this.#options.now(), text, interrupted: true });
  }
}
