import type { Flow } from '../transport/flow.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What asking a trunk brought to light. */
export interface TrunkFacts {
  /** Ways that its name led to, the best first; those that could not be opened with the reason. */
  readonly ways: readonly { readonly transport: Flow['transport']; readonly place: string; readonly fault?: string }[];
  /** Undefined when nobody answered. */
  readonly options:
    | {
        readonly status: number;
        readonly elapsedMs: number;
        readonly transport: Flow['transport'];
        readonly peer: Endpoint;
        /** How our request said it came, and how it looked there (RFC 3581); undefined where the trunk does not say. */
        readonly sentAs: Endpoint;
        readonly seenAs: { readonly address: string | undefined; readonly port: number | undefined };
        /** Of the session description in the answer; undefined without one. */
        readonly media: { readonly codecs: readonly string[]; readonly address: string } | undefined;
        /** Whether it takes session descriptions, as its Accept says; undefined without one. */
        readonly acceptsSdp: boolean | undefined;
      }
    | undefined;
  /** The status of a REGISTER that asks for nothing but to be let in; undefined when it was not asked, or not answered. */
  readonly login: { readonly asked: boolean; readonly status: number | undefined };
  readonly certificate: { readonly daysLeft: number; readonly fault: string | undefined } | undefined;
  /** Of some ports of the RTP range. */
  readonly rtp: { readonly tried: number; readonly opened: number };
}
