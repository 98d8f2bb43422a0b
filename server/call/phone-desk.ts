import { randomUUID } from 'node:crypto';
import type { EndReason } from '../../contract/call-event.ts';
import type { Log } from '../observe/log.ts';
import type { InboundLeg } from '../transport/telephone/dialog/inbound-leg.ts';
import { type MediaPolicy, usualPolicy } from '../transport/telephone/sdp/media-policy.ts';
import type { ActivePlaybooks } from './active-playbooks.ts';
import { PhoneCall, type PhoneCallOptions } from './phone-call.ts';
import { callerNumberOf, dialledUser, toE164 } from './phone-number.ts';
import { bundleOfCall } from './experiment.ts';
import type { Playbooks } from './playbooks.ts';
import { Recorder } from './recorder.ts';
import type { ReceptionOptions } from './reception.ts';
import { SipLine, type SipLineOptions } from './sip-line.ts';
import { Tools } from './tools.ts';

export interface PhoneDeskOptions
  extends
    Pick<ReceptionOptions, 'outbox' | 'delivery' | 'controlPlane'>,
    Pick<
      PhoneCallOptions,
      'detector' | 'languageModel' | 'now' | 'pacer' | 'node' | 'log' | 'dialPerson' | 'maxJoinedMs' | 'openRecording'
    >,
    Pick<SipLineOptions, 'host' | 'ports' | 'announcedAddress'> {
  readonly playbooks: Pick<Playbooks, 'get'>;
  readonly activePlaybooks: Pick<ActivePlaybooks, 'of'>;
  /** What can be dialled: E.164 numbers, or extensions of a telephone system; and the business that each belongs to. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Of numbers that come without one. Digits. */
  readonly countryCode: string;
  readonly log: Log;
}

/** Takes the calls that trunks bring: finds whose number was dialled, and has its agent pick up. */
export class PhoneDesk {
  readonly #options: PhoneDeskOptions;
  readonly #calls = new Set<PhoneCall>();
  /** Also those that still ring. */
  #active = 0;

  constructor(options: PhoneDeskOptions) {
    this.#options = options;
  }

  get activeCalls(): number {
    return this.#active;
  }

  /** Never rejects. */
  take(leg: InboundLeg, trunk: string, policy: MediaPolicy = usualPolicy): void {
    const { numbers, countryCode, log } = this.#options;
    const dialled = dialledUser(leg.request);
    const dialledNumber = toE164(dialled, countryCode);
    const business = numbers.get(dialledNumber ?? dialled) ?? numbers.get(dialled);
    if (business === undefined) {
      log.warn('A call came for a number that no business has', { trunk, pii: { dialled } });
      leg.refuse(404);
      return;
    }
    this.#active += 1;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#active -= 1;
    };
    const nothing = (): void => undefined;
    leg.listen({ media: nothing, confirmed: nothing, keyPressed: nothing, ended: leave });
    leg.ring();
    this.#begin(leg, { policy, business, dialledNumber }, leave).catch((error: unknown) => {
      log.error('A phone call could not be answered', { business, trunk, error });
      leg.refuse(503, [{ name: 'retry-after', value: '10' }]);
      leave();
    });
  }

  /** Resolves when every call's record is whole. */
  async endAll(reason: EndReason): Promise<void> {
    const calls = [...this.#calls];
    for (const call of calls) call.end(reason);
    await Promise.all(calls.map((call) => call.over));
  }

  async #begin(
    leg: InboundLeg,
    { policy, business, dialledNumber }: { policy: MediaPolicy; business: string; dialledNumber: string | undefined },
    leave: () => void,
  ): Promise<void> {
    const { activePlaybooks, playbooks, outbox, delivery, controlPlane, now, countryCode } = this.#options;
    const published = await playbooks.get(business, await activePlaybooks.of(business));
    // Given up while it rang: nobody was spoken to.
    if (leg.over) return;
    const ids = { callId: randomUUID(), business };
    const playbook = { ...published, bundle: bundleOfCall(published.bundle, ids.callId) };
    const call = new PhoneCall({
      ...this.#options,
      line: new SipLine({ ...this.#options, leg, policy }),
      playbook,
      recorder: new Recorder(ids, outbox, delivery, now),
      tools: new Tools(controlPlane, ids, now),
      callerNumber: callerNumberOf(leg.request, countryCode),
      dialledNumber,
      onEnd: () => {
        this.#calls.delete(call);
        leave();
      },
    });
    this.#calls.add(call);
    try {
      await call.open();
    } catch (error) {
      call.end('interrupted');
      throw error;
    }
  }
}
