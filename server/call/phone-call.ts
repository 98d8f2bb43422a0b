import type { EndReason } from '../../contract/call-event.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import type { CallPurpose } from '../../contract/purpose.ts';
import { silentFrame } from '../audio/frame.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import { SpeechSource } from '../agent/speak/speech-source.ts';
import { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import type { Log } from '../observe/log.ts';
import type { CallRecording } from '../record/call-recording.ts';
import { CallHandovers } from './call-handovers.ts';
import { isOverdue } from './call-limit.ts';
import { Consultations, type LanguageModel } from './consultations.ts';
import { Conversation } from './conversation.ts';
import { Ears, type EarsOptions } from './ears.ts';
import { Ending } from './ending.ts';
import { createGuard } from './guard.ts';
import { expectedReply } from './guided-recognizer.ts';
import { Keypad } from './keypad.ts';
import type { DialPerson } from './person-line.ts';
import type { ReadyPlaybook } from './playbooks.ts';
import type { Recorder } from './recorder.ts';
import type { OpenRecording } from './recordings.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import type { LineListener, TelephoneLine } from './telephone-line.ts';
import type { Tools } from './tools.ts';

/** Without any packet from the caller for this long, the call is over. On hold a line may be silent. */
const lostAfterMs = 15_000;
const watchEveryMs = 1_000;
const silenceMs = 8_000;
/** The way to the caller's ear while the line has not reported it: network, and the telephone's jitter buffer. */
const assumedRoundTripMs = 80;
const telephoneBufferMs = 60;

export interface PhoneCallOptions extends Pick<EarsOptions, 'detector' | 'now'> {
  readonly line: TelephoneLine;
  readonly playbook: ReadyPlaybook;
  readonly recorder: Recorder;
  readonly tools: Tools;
  readonly languageModel: LanguageModel | undefined;
  readonly pacer: Pacer;
  readonly node: string;
  readonly log: Log;
  /** E.164, where the trunk shows them. */
  readonly callerNumber: string | undefined;
  readonly dialledNumber: string | undefined;
  /** What we call for. Absent: somebody calls us. */
  readonly purpose?: CallPurpose;
  readonly dialPerson?: DialPerson | undefined;
  /** How long a call may last in which somebody of the business talks to the caller. */
  readonly maxJoinedMs: number;
  readonly openRecording?: OpenRecording | undefined;
  readonly onEnd: () => void;
}

/** One call by telephone, from the line that was accepted to its last event. */
export class PhoneCall {
  readonly #options: PhoneCallOptions;
  readonly #ending: Ending;
  readonly #guard = createGuard((label, error) => this.#ending.fault(label, error));
  readonly #conversation: Conversation;
  readonly #handovers: CallHandovers;
  readonly #recording: CallRecording | undefined;
  readonly #voice: SpokenVoice;
  readonly #ears: Ears;
  readonly #keypad: Keypad;
  readonly #watch: NodeJS.Timeout;
  readonly #startedAtMs: number;
  /** Asked for while it rings, where the business greets by name. */
  readonly #callerName: Promise<string | undefined> | undefined;
  #stopPacing: (() => void) | undefined;
  /** What we say reaches the other side. */
  #heard = false;
  #conversing = false;
  #held = false;

  constructor(options: PhoneCallOptions) {
    const { playbook, recorder, tools, languageModel, now } = options;
    this.#options = options;
    this.#startedAtMs = now();
    this.#ending = new Ending({
      ...options,
      callId: recorder.callId,
      conversation: () => this.#conversation,
      hush: (reason) => this.#hush(reason),
      afterLast: () => undefined,
    });
    this.#handovers = new CallHandovers({
      ...options,
      bundle: playbook.bundle,
      voices: playbook.voices,
      passOn: options.line.passOn,
      callersEnd: () => options.line.relayEnd,
      guard: this.#guard,
      after: afterOnThisMachine,
    });
    this.#keypad = new Keypad(
      (text) => this.#guard('keypad', () => this.#conversation.typed(text)),
      playbook.bundle.keypad?.keys,
    );
    this.#recordStart();
    this.#recording = options.openRecording?.(playbook.bundle, recorder);
    const { greetByName } = playbook.bundle.business;
    const { callerNumber } = options;
    if (greetByName && callerNumber !== undefined && options.purpose === undefined)
      this.#callerName = tools.callerName(callerNumber);
    const downstreamMs = (): number =>
      options.line.downstreamMs ?? (options.line.quality?.roundTripMs ?? assumedRoundTripMs) / 2 + telephoneBufferMs;
    const speech = new SpeechSource(playbook.voices, recorder);
    let voice: SpokenVoice | undefined;
    this.#conversation = new Conversation({
      bundle: playbook.bundle,
      tools,
      consultations: languageModel && new Consultations({ ...languageModel, watch: recorder, now }),
      recorder,
      guard: this.#guard,
      // There is no page; but what is on its way is not to be heard after a barge-in, as there.
      tellPage: ({ type }) => {
        if (type === 'flush') options.line.flush();
      },
      now,
      after: afterOnThisMachine,
      silenceMs,
      // A telephone does not say how long its own buffer is: the latency ends at the first packet.
      mediaStats: () => undefined,
      makeVoice: (listener) => (voice = new SpokenVoice({ speech, listener, now, downstreamMs })),
      handovers: this.#handovers,
      recording: this.#recording,
      onFinished: (reason) => this.end(reason),
    });
    if (!voice) throw new Error('The conversation was made without its voice.');
    this.#voice = voice;
    this.#ears = new Ears({ ...options, ...this.#earsOptions() });
    this.#watch = setInterval(() => this.#guard('watch', () => this.#lookForLoss()), watchEveryMs);
  }

  /** Resolves when the record is whole. */
  get over(): Promise<void> {
    return this.#ending.over;
  }

  /** Picks up. */
  open(): Promise<void> {
    return this.#options.line.open(this.#lineListener());
  }

  end(reason: EndReason): void {
    this.#ending.end(reason);
  }

  #earsOptions(): Pick<
    EarsOptions,
    | 'recognizers'
    | 'interjections'
    | 'watch'
    | 'guard'
    | 'voice'
    | 'completeness'
    | 'expects'
    | 'listener'
    | 'recording'
  > {
    const conversation = this.#conversation;
    return {
      recognizers: this.#options.playbook.recognizers,
      interjections: this.#options.playbook.interjections,
      watch: this.#options.recorder,
      guard: this.#guard,
      voice: this.#voice,
      recording: this.#recording,
      completeness: (text, interjection) => conversation.completeness(text, interjection),
      expects: () => expectedReply(conversation.state),
      listener: {
        speechStart: () => this.#guard('turn', () => conversation.speechStart()),
        partial: (text) => this.#guard('turn', () => conversation.partial(text)),
        preview: (text) => this.#guard('turn', () => conversation.preview(text)),
        turnEnd: (turn) => this.#guard('turn', () => conversation.heard(turn)),
        hearingFailed: (cause, forGood) => this.#hearingFailed(cause, forGood),
      },
    };
  }

  #recordStart(): void {
    const { recorder, playbook, node, callerNumber, dialledNumber, purpose } = this.#options;
    const { hash, locale } = playbook.bundle;
    recorder.add({
      type: 'call-start',
      door: 'phone',
      mode: 'voice',
      playbook: hash,
      node,
      locale,
      ...(callerNumber === undefined ? {} : { callerNumber }),
      ...(dialledNumber === undefined ? {} : { dialledNumber }),
      ...(purpose === undefined ? {} : { purpose: purpose.kind }),
    });
  }

  #lineListener(): LineListener {
    const { line, pacer, recorder } = this.#options;
    const mediaFault = (error: unknown): void =>
      this.#guard('media', () => {
        throw error;
      });
    return {
      // Frames flow before the greeting, so that a NAT in the way opens.
      ready: () =>
        this.#guard('media', () => {
          this.#stopPacing ??= pacer.add(
            () => line.play(this.#conversing && !this.#held ? this.#nextFrame() : silentFrame),
            mediaFault,
          );
        }),
      connected: () => this.#guard('call', () => this.#connected()),
      audio: (samples) => this.#hear(samples),
      keyPressed: (key) => this.#guard('keypad', () => this.#press(key)),
      held: (held) => this.#guard('media', () => this.#hold(held)),
      degraded: (cause) => recorder.degraded('media', cause),
      fault: mediaFault,
      ended: (reason) => this.#lineEnded(reason),
    };
  }

  #lineEnded(reason: EndReason): void {
    // The dialogue is told before the end, so that the outcome is right.
    if (reason === 'transferred') this.#guard('handover', () => this.#handovers.end(reason));
    this.end(reason);
  }

  #hold(held: boolean): void {
    this.#held = held;
    if (!this.#conversing || this.#handovers.joined) return;
    if (held) this.#conversation.pause();
    else this.#conversation.resume();
  }

  #connected(): void {
    if (this.#heard || this.#ending.begun) return;
    this.#heard = true;
    const { recorder, callerNumber, purpose, line } = this.#options;
    recorder.add({ type: 'media-connected' });
    const narrowband = line.quality?.codec !== 'opus';
    if (narrowband) this.#ears.byTelephone();
    // Nobody has shown this caller anything: the agent says what it is, and that it writes down.
    const start = {
      disclosed: false,
      typed: false,
      narrowband,
      keypad: true,
      ...(callerNumber === undefined ? {} : { callerNumber }),
      ...(purpose === undefined ? {} : { purpose }),
    };
    if (this.#callerName === undefined) this.#converse(start);
    else
      void this.#callerName.then((callerName) =>
        this.#guard('call', () => this.#converse(callerName === undefined ? start : { ...start, callerName })),
      );
  }

  #converse(start: Parameters<Conversation['start']>[0]): void {
    // They may have hung up while their name was looked up.
    if (this.#ending.begun) return;
    this.#conversing = true;
    this.#conversation.start(start);
  }

  #hear(samples: Int16Array): void {
    // On hold there may be music.
    if (!this.#conversing || this.#held) return;
    if (!this.#handovers.hear(samples)) this.#ears.push(samples);
  }

  #nextFrame(): Int16Array {
    const persons = this.#handovers.nextFrame();
    if (persons) return persons;
    const frame = this.#voice.nextFrame();
    this.#recording?.agent(frame);
    return frame;
  }

  #press(key: string): void {
    if (!this.#handovers.joined) this.#keypad.press(key);
  }

  #hearingFailed(cause: unknown, forGood: boolean): void {
    const { log, recorder } = this.#options;
    log.error('Listening failed', { callId: recorder.callId, forGood, error: cause });
    this.#guard('recognition', () => {
      recorder.degraded('recognition', cause);
      if (this.#conversing) this.#conversation.heardNothing();
    });
  }

  #lookForLoss(): void {
    const nowMs = this.#options.now();
    const { lastPacketMs } = this.#options.line;
    const lost = lastPacketMs !== undefined && nowMs - lastPacketMs > lostAfterMs;
    if (this.#conversing && lost) this.end('connection-lost');
    else {
      const call = { joined: this.#handovers.joined, maxJoinedMs: this.#options.maxJoinedMs };
      if (isOverdue(nowMs - this.#startedAtMs, call)) this.end('time-limit');
    }
  }

  #hush(reason: EndReason): void {
    this.#guard('handover', () => this.#handovers.end(reason));
    clearInterval(this.#watch);
    this.#keypad.close();
    this.#stopPacing?.();
    const { line, recorder } = this.#options;
    const { quality } = line;
    if (quality) this.#guard('line', () => recorder.add(qualityFact(quality)));
    line.hangUp();
    this.#recording?.end();
    this.#guard('recognition', () => this.#ears.close());
  }
}

function qualityFact(quality: LineQuality) {
  const { packetsReceived, packetsLost, jitterMs, roundTripMs, theirLossPct, soundlessMs, codec, encrypted } = quality;
  return {
    type: 'line-quality' as const,
    packetsReceived,
    packetsLost,
    jitterMs,
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(theirLossPct === undefined ? {} : { theirLossPct }),
    ...(soundlessMs === undefined ? {} : { soundlessMs }),
    ...(codec === undefined ? {} : { codec }),
    ...(encrypted === undefined ? {} : { encrypted }),
  };
}
