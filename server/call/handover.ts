import type { CallFact, EndReason } from '../../contract/call-event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { Voices } from '../agent/speak/speech-source.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import { FrameQueue } from '../audio/frame-queue.ts';
import type { Log } from '../observe/log.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { Briefing } from './briefing.ts';
import type { Guard } from './guard.ts';
import type { PersonLine, PersonLineEnd } from './person-line.ts';
import type { Recorder } from './recorder.ts';
import type { PassOn } from './telephone-line.ts';
import type { After } from './silence-timer.ts';
import type { HandoverListener, TransferAct, TransferAnswer } from './transfer.ts';

/** Without a packet from the person for this long, they are gone. */
const lostAfterMs = 15_000;
const watchEveryMs = 1_000;
/** Whoever is told that the caller has gone, or is left to the agent, hears no more than this. */
const farewellMs = 5_000;

type HandoverResult = Extract<CallFact, { type: 'handover-end' }>['result'];

export interface HandoverOptions {
  readonly bundle: Bundle;
  readonly voices: Voices;
  readonly recorder: Recorder;
  readonly pacer: Pacer;
  readonly now: () => number;
  readonly after: After;
  readonly guard: Guard;
  readonly log: Log;
  /** The caller's line, where its trunk can be asked to take our place. */
  readonly passOn?: PassOn | undefined;
  /** The caller's line, where its packets can be handed to the person's. */
  readonly callersEnd?: (() => RelayEnd | undefined) | undefined;
}

/** One person who is asked to take a call: rung, told what it is about, joined with the caller, until one of them leaves. */
export class Handover {
  readonly #options: HandoverOptions;
  readonly #act: TransferAct;
  readonly #line: PersonLine;
  readonly #listener: HandoverListener;
  readonly #briefing: Briefing;
  readonly #startedAtMs: number;
  readonly #toPerson = new FrameQueue();
  readonly #toCaller = new FrameQueue();
  #state: 'ringing' | 'briefing' | 'accepted' | 'joined' | 'over' = 'ringing';
  #joinedAtMs = 0;
  #steppingOut = false;
  #personGone = false;
  #stopPacing: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;
  #stopRelaying: (() => void) | undefined;

  constructor(options: HandoverOptions, act: TransferAct, line: PersonLine, listener: HandoverListener) {
    const { recorder, now } = options;
    this.#options = options;
    this.#act = act;
    this.#line = line;
    this.#listener = listener;
    this.#startedAtMs = now();
    this.#briefing = new Briefing({
      ...options,
      watch: recorder,
      whisper: act.whisper,
      accept: act.accept,
      decided: (decision) => this.#decided(decision),
    });
  }

  get joined(): boolean {
    return this.#state === 'joined';
  }

  begin(): void {
    const { recorder, guard } = this.#options;
    const { to, way, reason } = this.#act;
    recorder.add({ type: 'handover-start', to, way, reason });
    this.#listener.progress('calling');
    const during = (work: () => void): void => guard('handover', work);
    guard('handover', () =>
      this.#line.open({
        ringing: () => during(() => this.#ringing()),
        answered: () => during(() => this.#answered()),
        audio: (samples) => {
          if (this.#state === 'joined') this.#toCaller.push(samples);
        },
        keyPressed: (key) =>
          during(() => {
            if (this.#state === 'briefing') this.#briefing.keyPressed(key);
          }),
        fault: (error) => during(() => this.#lineFailed(error)),
        ended: (end, why) => during(() => this.#lineEnded(end, why)),
      }),
    );
  }

  /** The caller has heard that they are put through: from now on the two talk. */
  join(): void {
    if (this.#state !== 'accepted') return;
    const { recorder, now } = this.#options;
    this.#state = 'joined';
    this.#joinedAtMs = now();
    this.#briefing.close();
    const { way, to } = this.#act;
    recorder.add({ type: 'handover-joined', person: to.id, way, waitedMs: this.#joinedAtMs - this.#startedAtMs });
    this.#relay();
    if (way === 'attended') this.#options.guard('handover', () => this.#stepOut());
  }

  /** Whenever both speak G.711, their packets do not come through here. */
  #relay(): void {
    const [caller, person] = [this.#options.callersEnd?.(), this.#line.relayEnd];
    if (!caller || !person) return;
    caller.relayTo(person);
    person.relayTo(caller);
    this.#stopRelaying = () => {
      caller.relayTo(undefined);
      person.relayTo(undefined);
    };
  }

  /** The two talk already. If the trunk joins them itself, nothing of the call has to come here any more. */
  async #stepOut(): Promise<void> {
    const { passOn, log, recorder } = this.#options;
    const target = this.#line.replaceableUri;
    if (!passOn || target === undefined) return;
    this.#steppingOut = true;
    const outcome = await passOn(target, () => undefined);
    this.#steppingOut = false;
    if (this.#state !== 'joined') return;
    if (outcome === 'passed-on') this.end('transferred', true);
    else if (this.#personGone) this.#lineEnded('hung-up');
    else
      log.info('The trunk did not join caller and person: they talk through us', { callId: recorder.callId, outcome });
  }

  /** What the person says, for the caller: 20 ms. */
  nextFrame(): Int16Array {
    return this.#toCaller.take();
  }

  /** What the caller says, for the person. */
  hear(samples: Int16Array): void {
    if (this.#state === 'joined') this.#toPerson.push(samples);
  }

  /** The call is over. @param passedOn the trunk has joined the two without us. */
  end(reason: EndReason, passedOn = false): void {
    const before = this.#state;
    if (before === 'over') return;
    const leftBy = passedOn ? undefined : reason === 'caller-hang-up' ? 'caller' : 'line';
    this.#over(passedOn ? 'passed-on' : before === 'joined' ? 'talked' : 'cancelled', leftBy);
    if (passedOn) this.#listener.answered('passed-on');
    if (this.#act.way !== 'browser' && (before === 'briefing' || before === 'accepted'))
      this.#farewell('whisper-caller-gone');
    else this.#hangUp();
  }

  #ringing(): void {
    if (this.#state !== 'ringing') return;
    this.#options.recorder.add({ type: 'handover-ringing', person: this.#act.to.id });
    this.#listener.progress('ringing');
  }

  #answered(): void {
    if (this.#state !== 'ringing') return;
    this.#state = 'briefing';
    const { recorder, pacer } = this.#options;
    recorder.add({ type: 'handover-answered', person: this.#act.to.id });
    this.#stopPacing = pacer.add(
      () => this.#line.play(this.#state === 'joined' ? this.#toPerson.take() : this.#briefing.nextFrame()),
      (error) => this.#lineFailed(error),
    );
    this.#watch();
    // On a page they have read it.
    if (this.#act.way === 'browser') {
      this.#state = 'accepted';
      this.#listener.answered('accepted');
      return;
    }
    this.#briefing.begin();
    this.#listener.progress('answered');
  }

  #decided(decision: 'accepted' | 'rejected' | 'not-accepted'): void {
    if (this.#state !== 'briefing') return;
    if (decision === 'accepted') {
      this.#state = 'accepted';
      this.#briefing.conclude('whisper-through', () => undefined);
      this.#listener.answered('accepted');
      return;
    }
    this.#over(decision);
    this.#farewell('whisper-left-to-me');
    this.#listener.answered(decision);
  }

  #lineEnded(end: PersonLineEnd, why?: string): void {
    const before = this.#state;
    if (before === 'over') {
      this.#hangUp();
      return;
    }
    if (this.#steppingOut) {
      // The trunk's call takes the place of ours: how that went is about to be told.
      this.#personGone = true;
      return;
    }
    const { log, recorder } = this.#options;
    if (end === 'failed') log.warn('A person could not be called', { callId: recorder.callId, why });
    // Who hangs up during the briefing does not want the call.
    const failure: Exclude<TransferAnswer, 'accepted' | 'passed-on' | 'nobody-free'> =
      end === 'hung-up' ? 'not-accepted' : end === 'lost' ? 'failed' : end;
    this.#over(before === 'joined' ? 'talked' : failure, end === 'hung-up' ? 'person' : 'line');
    this.#hangUp();
    if (before === 'joined') this.#listener.left(true);
    else if (before === 'accepted') this.#listener.left(false);
    else this.#listener.answered(failure);
  }

  #lineFailed(error: unknown): void {
    this.#options.log.error("A person's line had a fault", { callId: this.#options.recorder.callId, error });
    this.#lineEnded('lost');
  }

  #over(result: HandoverResult, leftBy?: 'caller' | 'person' | 'line'): void {
    const { recorder, now } = this.#options;
    const talked = this.#state === 'joined' ? { talkedMs: now() - this.#joinedAtMs, ...(leftBy && { leftBy }) } : {};
    this.#state = 'over';
    this.#stopWatching?.();
    this.#stopRelaying?.();
    recorder.add({ type: 'handover-end', person: this.#act.to.id, result, ...talked });
  }

  /** They have picked up, and are not just cut off. */
  #farewell(words: 'whisper-left-to-me' | 'whisper-caller-gone'): void {
    this.#briefing.conclude(words, () => this.#hangUp());
    this.#options.after(farewellMs, () => this.#hangUp());
  }

  #hangUp(): void {
    this.#stopPacing?.();
    this.#briefing.close();
    this.#line.hangUp();
  }

  #watch(): void {
    const { after, now, guard } = this.#options;
    this.#stopWatching = after(watchEveryMs, () =>
      guard('handover', () => {
        const { lastPacketMs } = this.#line;
        if (lastPacketMs !== undefined && now() - lastPacketMs > lostAfterMs) this.#lineEnded('lost');
        else this.#watch();
      }),
    );
  }
}
