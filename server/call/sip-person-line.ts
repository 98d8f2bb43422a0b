import type { G711Law } from '../audio/g711.ts';
import { PlainEar } from '../audio/plain-ear.ts';
import type { OutboundEnd } from '../transport/telephone/dialog/outbound-end.ts';
import type { OutboundLeg } from '../transport/telephone/dialog/outbound-leg.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { RtpLeg, type RtpLegOptions } from '../transport/telephone/rtp/rtp-leg.ts';
import { mayCall } from '../transport/telephone/dialler.ts';
import type { Trunk } from '../transport/telephone/auth/trunk.ts';
import { newMasterKey } from '../transport/telephone/sdp/answer.ts';
import { allowsEncryption, type MediaPolicy, voiceCodecs } from '../transport/telephone/sdp/media-policy.ts';
import type { Telephone } from '../transport/telephone/telephone.ts';
import type { DialPerson, PersonLine, PersonLineEnd, PersonLineListener } from './person-line.ts';

export interface SipPersonLineOptions extends Pick<RtpLegOptions, 'host' | 'ports' | 'now'> {
  readonly telephone: Pick<Telephone, 'call'>;
  readonly trunk: MediaPolicy & { readonly name: string };
  readonly business: string;
  /** As the trunk's dial plan has it. */
  readonly to: string;
  readonly ringMs: number;
  /** Asked for before other codecs. */
  readonly law?: G711Law | undefined;
  /** Where the other side reaches our media. */
  readonly announcedAddress: string;
}

/** Somebody's telephone, called through a trunk. */
export class SipPersonLine implements PersonLine {
  readonly #options: SipPersonLineOptions;
  #leg: OutboundLeg | undefined;
  #media: RtpLeg | undefined;
  #answered = false;
  #over = false;

  constructor(options: SipPersonLineOptions) {
    this.#options = options;
  }

  async open(listener: PersonLineListener): Promise<void> {
    const { host, ports, now, telephone, trunk, business, to, ringMs, law, announcedAddress } = this.#options;
    const media = await RtpLeg.open({
      host,
      ports,
      now,
      ear: () => new PlainEar(),
      listener: { audio: (samples) => listener.audio(samples), keyPressed: (key) => listener.keyPressed(key) },
      onFault: (error) => listener.fault(error),
    });
    if (!media) {
      listener.ended('failed', 'every RTP port is in use');
      return;
    }
    if (this.#over) {
      media.close();
      return;
    }
    this.#media = media;
    const { name, srtp } = trunk;
    const codecs = preferring(law, trunk.codecs);
    const policy = { ...(srtp && { srtp }), ...(codecs && { codecs }) };
    const place = {
      address: announcedAddress,
      port: media.port,
      sessionId: String(now()),
      policy,
      ...(allowsEncryption(policy) ? { master: newMasterKey() } : {}),
    };
    const leg = telephone.call({ trunk: name, business, to, media: place, ringMs });
    this.#leg = leg;
    let rings = false;
    leg.listen({
      ringing: () => {
        if (!rings) listener.ringing();
        rings = true;
      },
      media: (agreed) => media.agree(agreed),
      answered: () => {
        this.#answered = true;
        listener.answered();
      },
      keyPressed: (key) => listener.keyPressed(key),
      ended: (end) => {
        media.close();
        listener.ended(personEnd(end), end.why);
      },
    });
  }

  play(frame: Int16Array): void {
    this.#media?.play(frame);
  }

  get lastPacketMs(): number | undefined {
    return this.#answered && this.#media?.held === false ? this.#media.lastPacketMs : undefined;
  }

  get relayEnd(): RelayEnd | undefined {
    return this.#media;
  }

  get replaceableUri(): string | undefined {
    return this.#leg?.replaceableUri;
  }

  hangUp(): void {
    if (this.#over) return;
    this.#over = true;
    this.#media?.close();
    this.#leg?.hangUp();
  }
}

/** What a trunk does not allow stays out. */
function preferring(law: G711Law | undefined, codecs: MediaPolicy['codecs']): MediaPolicy['codecs'] {
  const all = codecs ?? voiceCodecs;
  return law && all.includes(law) ? [law, ...all.filter((codec) => codec !== law)] : codecs;
}

function personEnd({ cause }: OutboundEnd): PersonLineEnd {
  switch (cause) {
    case 'busy':
    case 'rejected':
    case 'no-answer':
      return cause;
    case 'remote-hang-up':
    case 'hung-up':
      return 'hung-up';
    case 'session-expired':
      return 'lost';
    case 'invalid-number':
    case 'failed':
    case 'cancelled':
    case 'redirect-refused':
    case 'not-allowed':
      return 'failed';
    default:
      return cause satisfies never;
  }
}

export interface PersonDiallerOptions extends Omit<
  SipPersonLineOptions,
  'telephone' | 'trunk' | 'business' | 'to' | 'ringMs' | 'law'
> {
  /** Once it is open. */
  readonly telephone: () => SipPersonLineOptions['telephone'];
  readonly trunks: readonly Trunk[];
}

/** Calls people by their SIP address or their number, through the first trunk that may. */
export function personDialler({ telephone, trunks, ...media }: PersonDiallerOptions): DialPerson {
  return ({ to: { sip, phone }, ringMs }, { business, law }) => {
    for (const to of [sip, phone]) {
      const trunk = to === undefined ? undefined : trunks.find((each) => mayCall(each, to));
      if (to !== undefined && trunk)
        return new SipPersonLine({ ...media, telephone: telephone(), trunk, business, to, ringMs, law });
    }
    return undefined;
  };
}
