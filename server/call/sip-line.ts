import type { EndReason } from '../../contract/call-event.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import type { InboundLeg, LegEnd } from '../transport/telephone/dialog/inbound-leg.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { RtpLeg, type RtpLegOptions } from '../transport/telephone/rtp/rtp-leg.ts';
import { type AgreedMedia, newMasterKey } from '../transport/telephone/sdp/answer.ts';
import { allowsEncryption, type MediaPolicy } from '../transport/telephone/sdp/media-policy.ts';
import type { ReferOutcome } from '../transport/telephone/dialog/own-refer.ts';
import type { LineListener, PassOn, TelephoneLine } from './telephone-line.ts';

export interface SipLineOptions extends Pick<RtpLegOptions, 'host' | 'ports' | 'now'> {
  readonly leg: InboundLeg;
  /** Where the other side reaches our media. */
  readonly announcedAddress: string;
  /** The trunk's. */
  readonly policy: MediaPolicy;
}

/** A call that came by SIP, with its audio over RTP. */
export class SipLine implements TelephoneLine {
  readonly #options: SipLineOptions;
  #media: RtpLeg | undefined;
  #held = false;
  /** The trunk has taken a transfer on: if it hangs up now, it has the caller. */
  #passingOn = false;
  #over = false;

  constructor(options: SipLineOptions) {
    this.#options = options;
  }

  async open(listener: LineListener): Promise<void> {
    const { leg, host, ports, now, announcedAddress, policy } = this.#options;
    leg.listen({
      media: (agreed) => this.#agree(agreed, listener),
      confirmed: () => listener.connected(),
      keyPressed: (key) => listener.keyPressed(key),
      ended: (cause) => listener.ended(this.#passingOn && cause === 'caller-hang-up' ? 'transferred' : reasonOf(cause)),
    });
    const media = await RtpLeg.open({
      host,
      ports,
      now,
      listener: { audio: (samples) => listener.audio(samples), keyPressed: (key) => listener.keyPressed(key) },
      onFault: (error) => listener.fault(error),
    });
    if (!media) {
      listener.degraded('Every RTP port is in use');
      leg.refuse(503, [{ name: 'retry-after', value: '10' }]);
      return;
    }
    // The caller may have given up meanwhile.
    if (this.#over || leg.over) {
      media.close();
      return;
    }
    this.#media = media;
    leg.answer({
      address: announcedAddress,
      port: media.port,
      sessionId: String(now()),
      policy,
      ...(allowsEncryption(policy) ? { master: newMasterKey() } : {}),
    });
  }

  play(frame: Int16Array): void {
    this.#media?.play(frame);
  }

  flush(): void {
    // RTP is played as it comes: nothing on the way keeps more than a jitter buffer.
  }

  get downstreamMs(): undefined {
    return undefined;
  }

  get quality(): LineQuality | undefined {
    return this.#media?.quality;
  }

  get relayEnd(): RelayEnd | undefined {
    return this.#media;
  }

  get lastPacketMs(): number | undefined {
    return this.#media?.held === false ? this.#media.lastPacketMs : undefined;
  }

  /** Presses keys on the other side's menu. False where it takes none, or one of them is no key. */
  sendKeys(keys: string): boolean {
    return this.#media?.sendKeys(keys) ?? false;
  }

  readonly passOn: PassOn = async (target, ringing) => {
    const { leg } = this.#options;
    const end = await leg.refer(target, (progress) => {
      this.#passingOn = true;
      if (progress === 'ringing') ringing();
    });
    this.#passingOn = false;
    return referResult(end);
  };

  hangUp(): void {
    this.#over = true;
    this.#media?.close();
    this.#options.leg.hangUp();
  }

  #agree(agreed: AgreedMedia, listener: LineListener): void {
    if (!this.#media) return;
    this.#media.agree(agreed);
    listener.ready();
    const held = agreed.direction === 'recvonly' || agreed.direction === 'inactive';
    if (held === this.#held) return;
    this.#held = held;
    listener.held(held);
  }
}

function reasonOf(cause: LegEnd): EndReason {
  switch (cause) {
    case 'caller-hang-up':
    case 'cancelled':
      return 'caller-hang-up';
    case 'no-ack':
    case 'session-expired':
      return 'connection-lost';
    case 'refused':
    case 'hung-up':
      return 'interrupted';
    default:
      return cause satisfies never;
  }
}

function referResult(end: ReferOutcome): Awaited<ReturnType<PassOn>> {
  if (end.outcome !== 'failed') return 'passed-on';
  const { status } = end;
  if (status === 486 || status === 600) return 'busy';
  if (status === 408 || status === 480 || status === 487) return 'no-answer';
  return status === 603 || status === 403 ? 'rejected' : 'failed';
}
