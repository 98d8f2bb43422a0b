import type { EndReason } from '../../contract/call-event.ts';
import { calledNumber } from '../../contract/call-target.ts';
import type { PlacedCall } from '../../contract/outbound.ts';
import type { Log } from '../observe/log.ts';
import { mayDial } from '../transport/telephone/auth/dial-plan.ts';
import type { Trunk } from '../transport/telephone/auth/trunk.ts';
import { parseSipUri } from '../transport/telephone/message/uri.ts';
import { usualPolicy } from '../transport/telephone/sdp/media-policy.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import { AnsweredLine } from './answered-line.ts';
import { createGuard } from './guard.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import { bundleOfCall } from './experiment.ts';
import { OutboundLine, type OutboundLineOptions } from './outbound-line.ts';
import { PhoneCall } from './phone-call.ts';
import type { PhoneDeskOptions } from './phone-desk.ts';
import { Recorder } from './recorder.ts';
import { Tools } from './tools.ts';

export interface OutboundDeskOptions extends Omit<PhoneDeskOptions, 'activePlaybooks' | 'numbers' | 'countryCode'> {
  readonly telephone: OutboundLineOptions['telephone'];
  readonly trunks: readonly Trunk[];
  /** Knows what machines, assistants and people say when they answer. */
  readonly answerers: RecognizerFactory;
  readonly vacancy: () => 'free' | 'busy' | 'draining';
  readonly log: Log;
}

/** Why a dial was not begun. `later`: another time, or another node, may take it. */
export interface Refused {
  readonly why: string;
  readonly action: string;
  readonly later: boolean;
}

/** More would be a fault: the control plane gives each call to a node once, or again after a lost answer. */
const rememberedCalls = 1_000;

/** Places the calls that the control plane orders, and has the agent speak to whoever answers. */
export class OutboundDesk {
  readonly #options: OutboundDeskOptions;
  readonly #calls = new Map<string, PhoneCall>();
  /** By call: a dial that is ordered again is the same dial. */
  readonly #taken = new Map<string, Promise<Refused | undefined>>();
  #active = 0;

  constructor(options: OutboundDeskOptions) {
    this.#options = options;
  }

  get activeCalls(): number {
    return this.#active;
  }

  /** Undefined once the dial has begun. */
  take(placed: PlacedCall): Promise<Refused | undefined> {
    const known = this.#taken.get(placed.callId);
    if (known !== undefined) return known;
    const taken = this.#take(placed);
    this.#taken.set(placed.callId, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > rememberedCalls && oldest !== undefined) this.#taken.delete(oldest);
    return taken;
  }

  /** False where there is no such call (any more). */
  cancel(callId: string): boolean {
    const call = this.#calls.get(callId);
    call?.end('interrupted');
    return call !== undefined;
  }

  /** Resolves when every call's record is whole. */
  async endAll(reason: EndReason): Promise<void> {
    const calls = [...this.#calls.values()];
    for (const call of calls) call.end(reason);
    await Promise.all(calls.map((call) => call.over));
  }

  async #take(placed: PlacedCall): Promise<Refused | undefined> {
    const { trunks, vacancy, now, playbooks, log } = this.#options;
    if (placed.expiresAtMs < now()) return { why: 'The order is out of date.', action: 'Order it anew.', later: true };
    const vacant = vacancy();
    if (vacant !== 'free')
      return { why: `This node is ${vacant}.`, action: 'Give the call to another one.', later: true };
    const trunk = trunkFor(placed.to, trunks);
    if (trunk === undefined) {
      const action = "Add it to a trunk's `dial` in PARLEY_SIP_TRUNKS.";
      return { why: 'No trunk of this node may dial that number.', action, later: false };
    }
    this.#active += 1;
    try {
      const published = await playbooks.get(placed.business, placed.playbook);
      this.#begin(placed, trunk, published);
      return undefined;
    } catch (error) {
      this.#active -= 1;
      log.error('A call could not be placed', { business: placed.business, callId: placed.callId, error });
      return { why: 'The playbook could not be had.', action: "See the node's log.", later: true };
    }
  }

  #begin(
    placed: PlacedCall,
    trunk: Trunk,
    published: Awaited<ReturnType<OutboundDeskOptions['playbooks']['get']>>,
  ): void {
    const { outbox, delivery, controlPlane, now, log, detector, answerers } = this.#options;
    const { callId, business, to, purpose, ringMs } = placed;
    const number = calledNumber(to);
    const ids = { callId, business };
    const recorder = new Recorder(ids, outbox, delivery, now);
    const guard = createGuard((label, error) => {
      log.error('A call that was placed had a fault', { callId, part: label, error });
      recorder.degraded(label, error);
      call.end('interrupted');
    });
    const playbook = { ...published, bundle: bundleOfCall(published.bundle, callId) };
    const telephone = new OutboundLine({
      ...this.#options,
      trunk: trunk.name,
      policy: { ...usualPolicy, ...trunk },
      business,
      to,
      ringMs,
      onRinging: () => recorder.add({ type: 'ringing' }),
      onUnanswered: (fact, why) => {
        recorder.add(fact);
        if (why !== undefined) recorder.degraded('telephone', why);
      },
    });
    const line = new AnsweredLine({
      line: telephone,
      bundle: playbook.bundle,
      voices: playbook.voices,
      recorder,
      detector,
      recognizers: answerers,
      leaveMessage: placed.leaveMessage,
      guard,
      now,
      after: afterOnThisMachine,
    });
    const call: PhoneCall = new PhoneCall({
      ...this.#options,
      line,
      playbook,
      recorder,
      tools: new Tools(controlPlane, ids, now),
      callerNumber: undefined,
      dialledNumber: number.startsWith('+') ? number : undefined,
      purpose,
      onEnd: () => {
        this.#calls.delete(callId);
        this.#active -= 1;
      },
    });
    this.#calls.set(callId, call);
    call.open().catch((error: unknown) => {
      log.error('A call could not be placed', { business, callId, error });
      call.end('interrupted');
    });
  }
}

/** The first trunk that may dial it. */
function trunkFor(to: string, trunks: readonly Trunk[]): Trunk | undefined {
  const uri = parseSipUri(to);
  return trunks.find(({ address, dial = [] }) => {
    if (!address) return false;
    if (!uri) return mayDial(to, dial);
    return uri.host === address.host && (uri.port ?? address.port) === address.port && mayDial(uri.user, dial);
  });
}
