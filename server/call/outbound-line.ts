import type { CallFact, EndReason } from '../../contract/call-event.ts';
import type { Disposition } from '../../contract/outbound.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import type { OutboundLeg } from '../transport/telephone/dialog/outbound-leg.ts';
import type { OutboundEnd } from '../transport/telephone/dialog/outbound-end.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { RtpLeg, type RtpLegOptions } from '../transport/telephone/rtp/rtp-leg.ts';
import { type AgreedMedia, newMasterKey } from '../transport/telephone/sdp/answer.ts';
import { allowsEncryption, type MediaPolicy } from '../transport/telephone/sdp/media-policy.ts';
import type { Telephone } from '../transport/telephone/telephone.ts';
import type { LineListener, TelephoneLine } from './telephone-line.ts';

export interface OutboundLineOptions extends Pick<RtpLegOptions, 'host' | 'ports' | 'now'> {
  readonly telephone: Pick<Telephone, 'call'>;
  readonly trunk: string;
  readonly business: string;
  readonly to: string;
  readonly ringMs: number;
  readonly announcedAddress: string;
  /** The trunk's. */
  readonly policy: MediaPolicy;
  /** It rings there. */
  readonly onRinging: () => void;
  /** Nobody has picked up, and nobody will. Once, before the line ends. */
  readonly onUnanswered: (fact: Extract<CallFact, { type: 'disposition' }>, why: string | undefined) => void;
}

/** A call that we place by SIP, with its audio over RTP. */
export class OutboundLine implements TelephoneLine {
  readonly #options: OutboundLineOptions;
  #leg: OutboundLeg | undefined;
  #media: RtpLeg | undefined;
  #answered = false;
  #rang = false;
  #held = false;
  #over = false;

  constructor(options: OutboundLineOptions) {
    this.#options = options;
  }

  async open(listener: LineListener): Promise<void> {
    const { telephone, trunk, business, to, ringMs, host, ports, now, announcedAddress, policy } = this.#options;
    const media = await RtpLeg.open({
      host,
      ports,
      now,
      listener: {
        // What is heard before somebody picks up is the network's: ringing, or an announcement.
        audio: (samples) => this.#answered && listener.audio(samples),
        keyPressed: (key) => this.#answered && listener.keyPressed(key),
      },
      onFault: (error) => listener.fault(error),
    });
    if (!media) {
      listener.degraded('Every RTP port is in use');
      this.#unanswered({ cause: 'not-allowed', why: 'every RTP port is in use' }, listener);
      return;
    }
    if (this.#over) {
      media.close();
      return;
    }
    this.#media = media;
    const leg = telephone.call({
      trunk,
      business,
      to,
      ringMs,
      media: {
        address: announcedAddress,
        port: media.port,
        sessionId: String(now()),
        policy,
        ...(allowsEncryption(policy) ? { master: newMasterKey() } : {}),
      },
    });
    this.#leg = leg;
    leg.listen({
      ringing: () => {
        if (this.#rang) return;
        this.#rang = true;
        this.#options.onRinging();
      },
      media: (agreed) => this.#agree(agreed, listener),
      answered: () => {
        this.#answered = true;
        listener.connected();
      },
      keyPressed: (key) => this.#answered && listener.keyPressed(key),
      ended: (end) => (this.#answered ? listener.ended(reasonOf(end)) : this.#unanswered(end, listener)),
    });
  }

  play(frame: Int16Array): void {
    this.#media?.play(frame);
  }

  flush(): void {
    // RTP is played as it comes.
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

  hangUp(): void {
    this.#over = true;
    this.#media?.close();
    this.#leg?.hangUp();
  }

  #unanswered(end: OutboundEnd, listener: LineListener): void {
    const { cause, status, retryAfterS, why } = end;
    const fact = {
      type: 'disposition' as const,
      disposition: dispositionOf(end),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterS === undefined ? {} : { retryAfterS }),
      ...(cause === 'not-allowed' ? { dialled: false as const } : {}),
    };
    this.#options.onUnanswered(fact, why);
    listener.ended('not-answered');
  }

  #agree(agreed: AgreedMedia, listener: LineListener): void {
    if (!this.#media || this.#over) return;
    this.#media.agree(agreed);
    listener.ready();
    const held = agreed.direction === 'recvonly' || agreed.direction === 'inactive';
    if (held === this.#held) return;
    this.#held = held;
    listener.held(held);
  }
}

function dispositionOf({ cause }: OutboundEnd): Disposition {
  switch (cause) {
    case 'busy':
    case 'rejected':
    case 'no-answer':
    case 'invalid-number':
      return cause;
    case 'failed':
    case 'cancelled':
    case 'remote-hang-up':
    case 'hung-up':
    case 'session-expired':
    case 'redirect-refused':
    case 'not-allowed':
      return 'failed';
    default:
      return cause satisfies never;
  }
}

function reasonOf({ cause }: OutboundEnd): EndReason {
  if (cause === 'remote-hang-up') return 'caller-hang-up';
  return cause === 'session-expired' ? 'connection-lost' : 'interrupted';
}
