import type { Act, Outcome, SpokenAct } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { DecisionRecord } from '../../contract/decision.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { outcomeOf } from '../../dialogue/outcome.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { initialState } from '../../dialogue/state.ts';
import { step } from '../../dialogue/step.ts';
import { completeness } from '../../dialogue/turn/completeness.ts';
import { overAgent } from '../../dialogue/turn/over-agent.ts';
import { askedForTime, patienceMs } from '../../dialogue/turn/patience.ts';
import type { Completeness } from '../agent/turn/endpointing.ts';
import type { Voice, VoiceListener } from '../agent/speak/voice.ts';
import type { CallRecording } from '../record/call-recording.ts';
import { AgentTurns } from './agent-turns.ts';
import { CallerRedaction } from './caller-redaction.ts';
import type { Consultations, ConsultStanding } from './consultations.ts';
import { endReasonOf } from './ending.ts';
import { Floor } from './floor.ts';
import type { Guard } from './guard.ts';
import type { HeardTurn, Interjection } from './hearing.ts';
import { type MediaStats, turnLatency } from './latency.ts';
import { OverAgentSpeech } from './over-agent.ts';
import type { TellPage } from './page.ts';
import type { Recorder } from './recorder.ts';
import { type After, SilenceTimer } from './silence-timer.ts';
import { callBackFact } from './tool-facts.ts';
import { ToolsAtWork, type ToolsAtWorkOptions } from './tools-at-work.ts';
import { Transfer, type TransferOptions } from './transfer.ts';

export interface ConversationOptions {
  readonly bundle: Bundle;
  readonly tools: ToolsAtWorkOptions['tools'];
  /** Where a language model is configured. */
  readonly consultations?: Consultations | undefined;
  readonly recorder: Recorder;
  readonly tellPage: TellPage;
  readonly now: () => number;
  readonly after: After;
  readonly guard: Guard;
  /** The caller is asked whether they are still there after this long, or longer when they asked for time. */
  readonly silenceMs: number;
  readonly mediaStats: () => MediaStats | undefined;
  /** The agent has said goodbye and it has been heard. */
  readonly onFinished: (reason: EndReason) => void;
  /** Where the call is recorded. */
  readonly recording?: Pick<CallRecording, 'agentWasHeard' | 'mute'> | undefined;
  /** Absent: calls cannot be handed to anybody. */
  readonly handovers?: TransferOptions['handovers'];
  readonly makeVoice: (listener: VoiceListener) => Voice;
}

/** Who waits for a person to pick up is told so when they have heard nothing for this long. */
const waitingSilenceMs = 3_500;

type CallStart = Omit<Extract<DialogueEvent, { type: 'call-start' }>, 'type' | 'nowMs' | 'languageModel'>;

type Said = Pick<HeardTurn, 'text' | 'confidence' | 'alternatives' | 'startMs' | 'endMs'>;

/** Carries the dialogue's acts out and brings back what came of them. The same for every door. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #voice: Voice;
  readonly #floor: Floor;
  readonly #overAgent: OverAgentSpeech;
  readonly #turns: AgentTurns;
  readonly #silence: SilenceTimer;
  readonly #redaction: CallerRedaction;
  readonly #tools: ToolsAtWork;
  #state;
  #latest: DecisionRecord | null = null;
  #finishing: EndReason | undefined;
  #replyTo: { turn: number; heard: HeardTurn; decidedAtMs: number } | undefined;
  #closed = false;
  /** Waits until everything has been said. */
  readonly #afterSaid: (() => void)[] = [];
  readonly #transfer: Transfer;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#state = initialState(options.bundle);
    const { recorder, tellPage, now, recording } = options;
    this.#turns = new AgentTurns(recorder, tellPage, now, (text) => recording?.agentWasHeard(text));
    this.#voice = options.makeVoice(this.#voiceListener());
    this.#floor = new Floor(this.#voice, () => this.#stopped());
    this.#overAgent = new OverAgentSpeech(options.bundle);
    this.#redaction = new CallerRedaction(recorder, recording);
    this.#tools = new ToolsAtWork(options);
    this.#transfer = new Transfer({
      ...options,
      dispatch: (event) => this.#dispatch(event),
      onceSaid: (work) => this.#onceSaid(work),
    });
    this.#silence = new SilenceTimer(options.after, (silentMs) => {
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

  start(start: CallStart): void {
    const languageModel = this.#options.consultations !== undefined;
    this.#dispatch({ type: 'call-start', nowMs: this.#options.now(), ...start, languageModel });
  }

  completeness(text: string, interjection?: Interjection): Completeness {
    const { bundle, now } = this.#options;
    const { cut } = this.#floor;
    if (!cut) return completeness(bundle, this.#state, text, now());
    // The agent was stopped for it, and must go on soon if it was nothing.
    const words = interjection ? { text, interjection } : { text };
    const { kind } = this.#overAgent.read(this.#state, words, cut, now());
    if (kind === 'backchannel' || !text) return 'complete';
    if (kind === 'unclear') return 'unknown';
    return completeness(bundle, this.#state, text, now());
  }

  /** Certain speech: the agent stops at once, and waits for what it was. */
  speechStart(): void {
    if (this.#transfer.joined) return;
    this.#silence.stop();
    this.#floor.callerBegins();
    this.#options.tellPage({ type: 'agent-state', state: 'listening' });
  }

  partial(text: string): void {
    if (this.#transfer.joined) return;
    this.#turns.callerCaption(this.#redaction.soFar(text), false);
  }

  /** What will probably have to be said: its audio is made while the turn's end is awaited. Deciding twice costs microseconds. */
  preview(heard: string): void {
    if (this.#transfer.joined) return;
    const text = this.#redaction.soFar(heard);
    const { cut } = this.#floor;
    if (cut && this.#overAgent.read(this.#state, { text }, cut, this.#options.now()).kind === 'backchannel') return;
    const event = this.#saidEvent({ text, confidence: 1, alternatives: [] }, false);
    const { acts } = step(this.#options.bundle, this.#state, event);
    const spoken = acts.flatMap((act) => ('sentences' in act ? act.sentences : []));
    this.#voice.prefetch(spoken.map((sentence) => sentence.spoken ?? sentence.text));
  }

  /** A whole turn. A mere "uh-huh" over the agent's voice is none. */
  heard(heard: HeardTurn): void {
    if (this.#transfer.joined) return;
    const turn = this.#turnIn(this.#redaction.heard(heard));
    if (!turn) {
      this.heardNothing();
      return;
    }
    this.#settleInterruption();
    this.#callerSaid(turn, false, turn);
  }

  #turnIn(turn: HeardTurn): HeardTurn | undefined {
    const { cut } = this.#floor;
    if (cut) return this.#overAgent.turnIn(this.#state, turn, cut);
    if (!turn.text) return undefined;
    if (!askedForTime(this.#latest)) return turn;
    // Who asked for a moment may talk to themselves or to others meanwhile.
    const at = { questionHeard: true, nowMs: turn.endMs };
    return overAgent(this.#options.bundle, this.#state, turn.text, at) === 'unclear' ? undefined : turn;
  }

  /** The caller made a sound that is no turn, or that was lost: the agent goes on. */
  heardNothing(): void {
    this.#replyTo = undefined;
    this.#turns.dropCallerCaption();
    this.resume();
  }

  typed(written: string): void {
    if (this.#transfer.joined) return;
    this.#silence.stop();
    this.#floor.stop();
    this.#settleInterruption();
    const nowMs = this.#options.now();
    const text = this.#redaction.typed(written, nowMs);
    this.#callerSaid({ text, confidence: 1, alternatives: [], startMs: nowMs, endMs: nowMs }, true);
  }

  /** The visitor is writing: not silent. */
  typing(): void {
    this.#silence.restart();
  }

  /** Media is away: what was not heard is said again when it is back. */
  pause(): void {
    this.#silence.stop();
    this.#floor.stop();
  }

  resume(): void {
    this.#floor.resume();
    if (!this.#voice.speaking) this.#callersTurn();
  }

  /**
   * The last thing that happens, however the call ends: nothing more is said. Resolves when tools that are at work have
   * answered, so that the record has what they did.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.consultations?.stop();
    this.#silence.stop();
    this.#floor.stop();
    const cut = this.#floor.takeCut();
    if (cut) this.#turns.interrupt(cut);
    await this.#tools.settled();
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

  #saidEvent(said: Pick<Said, 'text' | 'confidence' | 'alternatives'>, typed: boolean): DialogueEvent {
    const { text, confidence, alternatives } = said;
    return { type: 'caller-said', nowMs: this.#options.now(), text, confidence, alternatives, typed };
  }

  #callerSaid(said: Said, typed: boolean, heard?: HeardTurn): void {
    this.#finishing = undefined;
    this.#options.consultations?.stop();
    this.#turns.callerCaption(said.text, true);
    this.#options.tellPage({ type: 'agent-state', state: 'thinking' });
    this.#floor.callerEnds();
    const { text, confidence, startMs, endMs } = said;
    const alternatives = [...said.alternatives];
    this.#dispatch(this.#saidEvent(said, typed), (turn) => {
      this.#options.recorder.add({ type: 'caller-turn', turn, text, confidence, alternatives, typed, startMs, endMs });
      this.#replyTo = heard ? { turn, heard, decidedAtMs: this.#options.now() } : undefined;
    });
  }

  #dispatch(event: DialogueEvent, beforeActs?: (turn: number) => void): void {
    const { acts, turn } = this.#apply(event, beforeActs);
    const endReason = endReasonOf(event);
    for (const act of acts) this.#perform(act, turn, endReason);
    if (acts.length === 0 && !this.#voice.speaking && this.#consultStanding() === 'settled') this.#callersTurn();
  }

  #apply(event: DialogueEvent, beforeActs?: (turn: number) => void): { acts: readonly Act[]; turn: number } {
    const before = this.#state.appointment.chosen;
    const { state, acts, record } = step(this.#options.bundle, this.#state, event);
    this.#state = state;
    this.#tools.keepChosen(before, this.#state.appointment.chosen);
    beforeActs?.(record?.turn ?? state.turn);
    if (record) {
      this.#latest = record;
      this.#options.recorder.add({ type: 'decision', record });
    }
    this.#options.recorder.setOutcome(this.outcome);
    return { acts, turn: record?.turn ?? state.turn };
  }

  /** After the end only what was learnt is kept: nobody is there to be spoken to. */
  #perform(act: Act, turn: number, endReason: EndReason): void {
    if (this.#closed && act.type !== 'save-lead') return;
    switch (act.type) {
      case 'find-slots':
      case 'book':
      case 'find-appointment':
      case 'move-appointment':
      case 'cancel-appointment':
      case 'confirm-appointment':
        this.#tools.use(act, (event) => this.#dispatch(event));
        return;
      case 'transfer':
        this.#transfer.ask(act);
        return;
      case 'join':
        this.#onceSaid(() => this.#transfer.join());
        return;
      case 'promise-call-back':
        this.#options.recorder.add(callBackFact(act));
        this.#soon('promise', () => {
          this.#dispatch({ type: 'call-back-recorded', nowMs: this.#options.now(), requestId: act.requestId });
        });
        return;
      case 'consult':
        this.#consult(act);
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

  /** Once the caller has heard what there is to say, or has talked over it. */
  #onceSaid(work: () => void): void {
    this.#afterSaid.push(work);
    if (!this.#voice.speaking) this.#soon('transfer', () => this.#callersTurn());
  }

  #consult(act: Extract<Act, { type: 'consult' }>): void {
    const tell = (event: DialogueEvent): ConsultStanding => {
      if (this.#closed) return 'settled';
      // The reply is decided now; the latency of its first sentence counts from here.
      if (this.#replyTo) this.#replyTo = { ...this.#replyTo, decidedAtMs: this.#options.now() };
      this.#dispatch(event);
      return this.#consultStanding();
    };
    this.#options.guard('consultation', () => this.#options.consultations?.ask(act, tell));
  }

  #consultStanding(): ConsultStanding {
    const pending = this.#state.consult?.pending;
    if (!pending) return 'settled';
    return pending.spoken > 0 ? 'speaking' : 'silent';
  }

  #speak(act: SpokenAct, turn: number): void {
    const sentences = this.#turns.begin(act, turn);
    this.#silence.stop();
    this.#floor.say(sentences);
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
    if (this.#closed || this.#transfer.joined || this.#floor.callerSpeaking) return;
    if (this.#afterSaid.length > 0) {
      for (const work of this.#afterSaid.splice(0)) work();
      return;
    }
    this.#options.tellPage({ type: 'agent-state', state: 'listening' });
    const waits = this.#state.waitingFor?.tool === 'transfer';
    this.#silence.start(waits ? waitingSilenceMs : patienceMs(this.#options.silenceMs, this.#latest));
  }

  #finish(): void {
    const reason = this.#finishing;
    this.#finishing = undefined;
    if (reason && !this.#closed) this.#options.onFinished(reason);
  }

  /** What is on its way to the caller's ear is not heard any more. */
  #stopped(): void {
    this.#replyTo = undefined;
    this.#options.tellPage({ type: 'flush' });
  }

  #settleInterruption(): void {
    const cut = this.#floor.takeCut();
    if (!cut) return;
    this.#turns.interrupt(cut);
    const text = this.#turns.takeHeard();
    this.#apply({ type: 'agent-heard', nowMs: this.#options.now(), text, interrupted: true });
  }
}
