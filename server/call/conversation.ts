import type { Act, Outcome, SpokenAct } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { outcomeOf } from '../../dialogue/outcome.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { initialState } from '../../dialogue/state.ts';
import { step } from '../../dialogue/step.ts';
import { completeness, isBackchannel } from '../../dialogue/turn-hint.ts';
import type { Completeness } from '../agent/turn/endpointing.ts';
import type { Voice, VoiceListener, VoiceRemainder } from '../agent/speak/voice.ts';
import { AgentTurns } from './agent-turns.ts';
import type { HeardTurn } from './hearing.ts';
import { type MediaStats, turnLatency } from './latency.ts';
import type { TellPage } from './page.ts';
import type { Recorder } from './recorder.ts';
import { SilenceTimer } from './silence-timer.ts';
import type { Tools } from './tools.ts';

/** The caller is asked whether they are still there after this long. */
const silenceMs = 8_000;

export interface ConversationOptions {
  readonly bundle: Bundle;
  readonly tools: Tools;
  readonly recorder: Recorder;
  readonly tellPage: TellPage;
  readonly now: () => number;
  readonly mediaStats: () => MediaStats | undefined;
  /** The agent has said goodbye and it has been heard. */
  readonly onFinished: (reason: EndReason) => void;
  readonly makeVoice: (listener: VoiceListener) => Voice;
}

/** Carries the dialogue's acts out and brings back what came of them. The same for every door. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #voice: Voice;
  readonly #turns: AgentTurns;
  readonly #silence: SilenceTimer;
  #state;
  /** Stopped by the caller's voice; it may turn out to have been a cough. */
  #interrupted: VoiceRemainder | undefined;
  #finishing: EndReason | undefined;
  #replyTo: { turn: number; heard: HeardTurn; decidedAtMs: number } | undefined;
  #closed = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#state = initialState(options.bundle);
    this.#turns = new AgentTurns(options.recorder, options.tellPage, options.now);
    this.#voice = options.makeVoice({
      sentenceStart: (sentence, at) => {
        this.#turns.sentenceStart(sentence.id, at.sentAtMs);
        this.#recordLatency(at);
      },
      sentenceEnd: (sentence) => this.#turns.sentenceEnd(sentence.id),
      sentenceFailed: (sentence, cause) => {
        this.#turns.sentenceFailed(sentence.id);
        const text = cause instanceof Error ? cause.message : String(cause);
        this.#options.recorder.add({ type: 'degraded', component: 'synthesis', cause: text.slice(0, 200) });
      },
      idle: () => this.#agentFinished(),
    });
    this.#silence = new SilenceTimer(silenceMs, (silentMs) => {
      this.#dispatch({ type: 'caller-silent', nowMs: this.#options.now(), silentMs });
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

  start(start: { disclosed: boolean; callerTimeZone?: string }): void {
    this.#dispatch({ type: 'call-start', nowMs: this.#options.now(), ...start });
  }

  completeness(text: string): Completeness {
    return completeness(this.#options.bundle, this.#state, text);
  }

  /** Certain speech: the agent stops at once, and waits for what it was. */
  speechStart(): void {
    this.#silence.stop();
    this.#stopVoice();
    this.#options.tellPage({ type: 'agent-state', state: 'listening' });
  }

  partial(text: string): void {
    this.#turns.callerCaption(text, false);
  }

  /** What will probably have to be said: its audio is made while the turn's end is awaited. Deciding twice costs microseconds. */
  preview(text: string): void {
    if (isBackchannel(text)) return;
    const { acts } = step(
      this.#options.bundle,
      this.#state,
      this.#saidEvent({ text, confidence: 1, alternatives: [] }, false),
    );
    const spoken = acts.flatMap((act) => ('sentences' in act ? act.sentences : []));
    this.#voice.prefetch(spoken.map((sentence) => sentence.spoken ?? sentence.text));
  }

  /** A whole turn. Nothing recognised, or a mere "uh-huh" over the agent's voice: the agent goes on. */
  heard(turn: HeardTurn): void {
    const overAgent = this.#interrupted !== undefined;
    if (!turn.text || (overAgent && isBackchannel(turn.text))) {
      this.#turns.dropCallerCaption();
      this.#resumeVoice();
      return;
    }
    this.#settleInterruption();
    this.#callerSaid(turn, false, turn);
  }

  typed(text: string): void {
    this.#silence.stop();
    this.#stopVoice();
    this.#settleInterruption();
    const nowMs = this.#options.now();
    this.#callerSaid({ text, confidence: 1, alternatives: [], startMs: nowMs, endMs: nowMs }, true);
  }

  /** Media is away: what was not heard is said again when it is back. */
  pause(): void {
    this.#silence.stop();
    this.#stopVoice();
  }

  resume(): void {
    this.#resumeVoice();
  }

  /** The last thing that happens, however the call ends. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#silence.stop();
    this.#stopVoice();
    if (this.#interrupted) this.#turns.interrupt(this.#interrupted);
    this.#interrupted = undefined;
    this.#apply({ type: 'call-end', nowMs: this.#options.now() });
  }

  #saidEvent(said: Pick<HeardTurn, 'text' | 'confidence' | 'alternatives'>, typed: boolean): DialogueEvent {
    const { text, confidence, alternatives } = said;
    return { type: 'caller-said', nowMs: this.#options.now(), text, confidence, alternatives, typed };
  }

  #callerSaid(
    said: Pick<HeardTurn, 'text' | 'confidence' | 'alternatives' | 'startMs' | 'endMs'>,
    typed: boolean,
    heard?: HeardTurn,
  ): void {
    this.#finishing = undefined;
    this.#turns.callerCaption(said.text, true);
    this.#options.tellPage({ type: 'agent-state', state: 'thinking' });
    const { text, confidence, startMs, endMs } = said;
    const alternatives = [...said.alternatives];
    this.#dispatch(this.#saidEvent(said, typed), (turn) => {
      this.#options.recorder.add({ type: 'caller-turn', turn, text, confidence, alternatives, typed, startMs, endMs });
      this.#replyTo = heard ? { turn, heard, decidedAtMs: this.#options.now() } : undefined;
    });
  }

  #dispatch(event: DialogueEvent, beforeActs?: (turn: number) => void): void {
    if (this.#closed) return;
    const { acts, turn } = this.#apply(event, beforeActs);
    for (const act of acts)
      this.#perform(act, turn, event.type === 'caller-silent' ? 'caller-silent' : 'agent-goodbye');
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

  #perform(act: Act, turn: number, endReason: EndReason): void {
    switch (act.type) {
      case 'find-slots':
      case 'book':
        void this.#options.tools.carryOut(act).then((event) => {
          this.#noteTool(event);
          this.#dispatch(event);
        });
        return;
      case 'promise-call-back':
        // Recorded on disk: the promise is kept even if the control plane is away.
        this.#options.recorder.add({ type: 'call-back-promised', reason: act.reason });
        queueMicrotask(() => {
          this.#dispatch({ type: 'call-back-recorded', nowMs: this.#options.now(), requestId: act.requestId });
        });
        return;
      case 'save-lead':
        this.#options.recorder.add({ type: 'lead', lead: act.lead });
        return;
      case 'end':
        this.#finishing = endReason;
        if (!this.#voice.speaking) queueMicrotask(() => this.#finish());
        return;
      default:
        this.#speak(act, turn);
    }
  }

  #speak(act: SpokenAct, turn: number): void {
    this.#silence.stop();
    this.#voice.say(this.#turns.begin(act, turn));
  }

  #noteTool(event: DialogueEvent): void {
    const { recorder, tellPage } = this.#options;
    if (event.type === 'tool-failed') {
      recorder.add({ type: 'degraded', component: 'calendar', cause: event.cause.slice(0, 200) });
    }
    if (event.type !== 'booking-answered' || event.answer.status !== 'booked') return;
    const { id, service, serviceName, startMs, endMs, timeZone, icsUrl } = event.answer.appointment;
    recorder.add({ type: 'appointment-booked', appointmentId: id, service, startMs });
    tellPage({ type: 'booked', serviceName, startMs, endMs, timeZone, icsUrl });
  }

  #recordLatency(at: { readyAtMs: number; sentAtMs: number }): void {
    this.#options.tellPage({ type: 'agent-state', state: 'speaking' });
    if (!this.#replyTo) return;
    this.#options.recorder.add(turnLatency({ ...this.#replyTo, ...at }, this.#options.mediaStats()));
    this.#replyTo = undefined;
  }

  #agentFinished(): void {
    const text = this.#turns.takeHeard();
    if (text) this.#apply({ type: 'agent-heard', nowMs: this.#options.now(), text, interrupted: false });
    if (this.#finishing) this.#finish();
    else this.#callersTurn();
  }

  #callersTurn(): void {
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

  #resumeVoice(): void {
    const remainder = this.#interrupted;
    this.#interrupted = undefined;
    if (remainder) this.#voice.resume(remainder);
    else this.#callersTurn();
  }
}
