import type { Disposition } from '../../contract/outbound.ts';
import type { Bundle, Line } from '../../dialogue/playbook/bundle.ts';
import { wording } from '../../dialogue/phrase/sentences.ts';
import type { Verdict } from '../agent/answerer/answerer.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import type { VoiceActivityDetector } from '../agent/listen/voice-activity.ts';
import { SpeechSource, type Voices } from '../agent/speak/speech-source.ts';
import { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { Answering } from './answering.ts';
import type { Guard } from './guard.ts';
import type { Recorder } from './recorder.ts';
import type { LineListener, TelephoneLine } from './telephone-line.ts';

/** A machine or an assistant gets so long before we give up on it. */
const patienceMs = 45_000;
/** A machine that begins to speak while we do so is not done; more often than this it will never be. */
const maxMessages = 3;

/** What this line says itself, and as which act it stands in the record. */
const acts = { message: 'leave-message', name: 'say-who-calls', greeting: 'greet' } as const;
type Speech = keyof typeof acts;

export interface AnsweredLineOptions {
  readonly line: TelephoneLine;
  readonly bundle: Bundle;
  readonly voices: Voices;
  readonly recorder: Recorder;
  readonly detector: () => VoiceActivityDetector;
  /** Knows what machines, assistants and people say when they answer. */
  readonly recognizers: RecognizerFactory;
  readonly leaveMessage: boolean;
  readonly guard: Guard;
  readonly now: () => number;
  readonly after: (delayMs: number, work: () => void) => () => void;
}

/**
 * A line that we called, between the telephone and the conversation: it lets the conversation begin when a person is
 * there, leaves the message on a machine, and tells an assistant who calls.
 */
export class AnsweredLine implements TelephoneLine {
  readonly #options: AnsweredLineOptions;
  readonly #voice: SpokenVoice;
  #answering: Answering | undefined;
  #listener: LineListener | undefined;
  #phase: 'ringing' | 'unclear' | 'person' | 'machine' | 'screening' | 'screened' | 'over' = 'ringing';
  /** The conversation has begun. */
  #talks = false;
  /** It was stopped, as it talked to no person. */
  #hushed = false;
  #speaks: Speech | undefined;
  #messages = 0;
  #turn: { text: string; startMs: number } | undefined;
  #stopPatience: () => void = () => undefined;

  constructor(options: AnsweredLineOptions) {
    this.#options = options;
    this.#voice = new SpokenVoice({
      speech: new SpeechSource(options.voices, options.recorder),
      now: options.now,
      downstreamMs: () => 0,
      listener: {
        sentenceStart: () => undefined,
        sentenceEnd: () => undefined,
        sentenceFailed: (_, cause) => options.recorder.degraded('synthesis', cause),
        idle: () => options.guard('answerer', () => this.#said()),
      },
    });
  }

  open(listener: LineListener): Promise<void> {
    this.#listener = listener;
    const { line, guard, recorder, detector, recognizers } = this.#options;
    // While it rings, so that the first word is heard.
    this.#answering = new Answering({
      detector: detector(),
      recognizers,
      watch: recorder,
      listener: {
        decided: (verdict) => guard('answerer', () => this.#decided(verdict)),
        personTime: () => guard('answerer', () => this.#talk()),
        messageTime: () => guard('answerer', () => this.#leaveMessage()),
        nameTime: () => guard('answerer', () => this.#sayName()),
        deaf: (cause) => recorder.degraded('answerer', cause),
      },
    });
    return line.open({
      ...listener,
      connected: () => guard('answerer', () => this.#answered()),
      audio: (samples) => this.#hear(samples),
      ended: (reason) => {
        // Whoever picks up and says nothing before they hang up is a person as well.
        if (this.#phase === 'unclear') recorder.add(disposition('answered'));
        if (this.#phase === 'machine') recorder.add(disposition('no-answer'));
        if (this.#phase === 'screening' || this.#phase === 'screened') recorder.add(disposition('screened'));
        const spokenTo = this.#phase === 'unclear' || this.#phase === 'person';
        this.#over();
        listener.ended(spokenTo || reason !== 'caller-hang-up' ? reason : 'not-answered');
      },
    });
  }

  play(frame: Int16Array): void {
    this.#options.line.play(this.#speaks === undefined ? frame : this.#voice.nextFrame());
  }

  flush(): void {
    this.#options.line.flush();
  }

  get quality(): LineQuality | undefined {
    return this.#options.line.quality;
  }

  get lastPacketMs(): number | undefined {
    return this.#options.line.lastPacketMs;
  }

  get downstreamMs(): number | undefined {
    return this.#options.line.downstreamMs;
  }

  get relayEnd(): RelayEnd | undefined {
    return this.#options.line.relayEnd;
  }

  hangUp(): void {
    this.#over();
    this.#options.line.hangUp();
  }

  #answered(): void {
    if (this.#phase === 'ringing') this.#phase = 'unclear';
  }

  #hear(samples: Int16Array): void {
    if (this.#phase !== 'ringing') void this.#answering?.push(samples);
    const talking = this.#talks && this.#phase === 'person' && this.#speaks === undefined;
    if (talking) this.#listener?.audio(samples);
  }

  #decided({ who, why, afterMs }: Verdict): void {
    const { recorder, leaveMessage } = this.#options;
    if (this.#phase === 'over') return;
    recorder.add({ type: 'answered-by', who, why, afterMs });
    switch (who) {
      case 'person':
        this.#phase = 'person';
        this.#stopPatience();
        // At once: should this node die, nobody is called a second time.
        recorder.add(disposition('answered'));
        return;
      case 'machine':
      case 'screening':
        // The agent had begun to talk to it: it is hushed as on hold.
        if (this.#talks) {
          this.#hushed = true;
          this.#listener?.held(true);
        }
        this.#phase = who;
        if (who === 'machine' && !leaveMessage) return this.#end('no-answer');
        this.#losePatience(who);
        return;
      default:
        who satisfies never;
    }
  }

  #talk(): void {
    if (this.#phase !== 'person' || this.#speaks !== undefined) return;
    if (this.#hushed) {
      // Put through by an assistant that we had begun to talk to: this person has not heard who we are.
      this.#say('greeting', this.#options.bundle.greeting);
    } else if (!this.#talks) {
      this.#talks = true;
      this.#listener?.connected();
    }
  }

  #losePatience(phase: 'machine' | 'screening'): void {
    this.#stopPatience();
    this.#stopPatience = this.#options.after(patienceMs, () =>
      this.#options.guard('answerer', () => this.#end(phase === 'machine' ? 'no-answer' : 'screened')),
    );
  }

  #leaveMessage(): void {
    if (this.#phase !== 'machine' || this.#messages >= maxMessages) return;
    this.#messages += 1;
    this.#say('message', [...this.#options.bundle.greeting, ...wording(this.#options.bundle, 'voicemail')]);
  }

  #sayName(): void {
    if (this.#phase !== 'screening') return;
    const { bundle } = this.#options;
    this.#say('name', [...bundle.greeting, ...wording(bundle, 'screening-reason')]);
  }

  #say(what: Speech, sentences: readonly Line[]): void {
    this.#noteTurn(true);
    this.#voice.stop();
    this.#speaks = what;
    this.#turn = { text: sentences.map(({ text }) => text).join(' '), startMs: this.#options.now() };
    this.#voice.say(
      sentences.map(({ text, spoken = text }, index) => ({ id: `${what}-${this.#messages}-${index}`, text, spoken })),
    );
  }

  #said(): void {
    const what = this.#speaks;
    if (what === undefined) return;
    this.#noteTurn(false);
    this.#speaks = undefined;
    if (what === 'message') return this.#end('voicemail-left');
    if (what === 'greeting') {
      this.#hushed = false;
      this.#listener?.held(false);
      return;
    }
    this.#phase = 'screened';
    this.#answering?.screened();
    this.#losePatience('screening');
  }

  /** What a machine or an assistant was told stands in the record like all that the agent says. */
  #noteTurn(interrupted: boolean): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined) return;
    const { recorder, now } = this.#options;
    recorder.add({
      type: 'agent-turn',
      turn: 0,
      act: acts[this.#speaks ?? 'message'],
      text: turn.text,
      heardText: interrupted ? '' : turn.text,
      interrupted,
      startMs: turn.startMs,
      endMs: now(),
    });
  }

  #end(what: Disposition): void {
    if (this.#phase === 'over') return;
    this.#options.recorder.add(disposition(what));
    this.#over();
    this.#listener?.ended('not-answered');
  }

  #over(): void {
    this.#noteTurn(true);
    this.#phase = 'over';
    this.#speaks = undefined;
    this.#voice.stop();
    this.#stopPatience();
    const answering = this.#answering;
    this.#answering = undefined;
    this.#options.guard('answerer', () => answering?.close());
  }
}

const disposition = (what: Disposition) => ({ type: 'disposition' as const, disposition: what });
