import { parseNameAddr } from '../message/name-addr.ts';
import { headerOf, listOf, type SipResponse } from '../message/sip-message.ts';
import { parseSipUri } from '../message/uri.ts';
import type { After } from '../transaction/timing.ts';
import type { Flow } from '../transport/flow.ts';
import type { TrunkClient } from './trunk-client.ts';

export interface RegistrationOptions {
  readonly client: TrunkClient;
  /** Of our Contact. */
  readonly user: string;
  readonly after: After;
  /** 0 to 1. */
  readonly random: () => number;
  /** It holds, or it does not; with the status that a refusal had. */
  readonly onState: (registered: boolean, status: number | undefined) => void;
}

/** What we ask for. A NAT forgets us sooner, but the keep-alive asks more often. */
const usualS = 600;
const longestS = 86_400;
/** RFC 5626 §4.5: how long to wait after a failure; doubled with each further one. */
const firstRetryS = 30;
const lastRetryS = 600;

/** Tells a trunk where we are, again before it forgets (RFC 3261 §10.2), and that we are gone when we go. */
export class Registration {
  readonly #options: RegistrationOptions;
  #askS = usualS;
  #failures = 0;
  #flow: Flow | undefined;
  #stopWaiting: () => void = () => undefined;
  #busy = false;
  #closed = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    void this.#register();
  }

  /** Our connection may be gone, and with it the way back to us: says so, and registers by another. */
  check(): void {
    if (this.#flow?.gone?.() === true) void this.#register();
  }

  /** Takes the registration back. Resolves when that is known, or nobody answers. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    if (this.#flow) await this.#options.client.ask('REGISTER', [expires(0)], this.#flow);
  }

  async #register(): Promise<void> {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    this.#stopWaiting();
    const known = this.#flow?.gone?.() === true ? undefined : this.#flow;
    const answered = await this.#options.client.ask('REGISTER', [expires(this.#askS)], known);
    this.#busy = false;
    if (!this.#closed) this.#take(answered?.response, answered?.flow);
  }

  #take(response: SipResponse | undefined, flow: Flow | undefined): void {
    const { onState, user } = this.#options;
    const leastS = numberOf(response && headerOf(response, 'min-expires')) ?? 0;
    if (response && response.status < 300) {
      this.#flow = flow;
      this.#failures = 0;
      onState(true, undefined);
      const grantedS = grantedOf(response, user) ?? this.#askS;
      // Time for some tries, should the first one be lost.
      this.#wait(Math.max(1, grantedS > 120 ? grantedS - 60 : grantedS / 2));
    } else if (response?.status === 423 && leastS > this.#askS && leastS <= longestS) {
      this.#askS = leastS;
      this.#wait(0);
    } else {
      this.#flow = undefined;
      onState(false, response?.status);
      const pauseS = Math.min(lastRetryS, firstRetryS * 2 ** this.#failures);
      this.#failures += 1;
      const askedS = numberOf(response && headerOf(response, 'retry-after')) ?? 0;
      // Not all of a trunk's customers at once.
      this.#wait(Math.min(longestS, Math.max(askedS, pauseS * (0.5 + this.#options.random() / 2))));
    }
  }

  #wait(seconds: number): void {
    this.#stopWaiting = this.#options.after(seconds * 1_000, () => void this.#register());
  }
}

const expires = (seconds: number): { name: string; value: string } => ({ name: 'expires', value: String(seconds) });

/** How long our binding holds: as its Contact says, or the answer as a whole. */
function grantedOf(response: SipResponse, user: string): number | undefined {
  const ours = listOf(response, 'contact')
    .slice(0, 20)
    .map(parseNameAddr)
    .find((contact) => contact && parseSipUri(contact.uri)?.user === user);
  return numberOf(ours?.params.get('expires')) ?? numberOf(headerOf(response, 'expires'));
}

function numberOf(text: string | undefined): number | undefined {
  const digits = /^\d{1,6}/.exec(text ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits);
}
