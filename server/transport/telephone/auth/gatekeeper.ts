import { createHmac, randomBytes } from 'node:crypto';
import type { Params } from '../message/params.ts';
import { headersOf, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import { parseSipUri } from '../message/uri.ts';
import type { Flow } from '../transport/flow.ts';
import { algorithms, digestResponse, parseAlgorithm, parseDigest, sameDigest, writeDigest } from './digest.ts';
import type { Trunk, TrunkList } from './trunk.ts';

export type Admission =
  | { readonly status: 'admitted'; readonly trunk: Trunk }
  /** Answer 401 with these, and see what comes back. */
  | { readonly status: 'challenged'; readonly headers: readonly SipHeader[] }
  /** The right answer, but to another request: 400 (RFC 7616 §3.4.6). */
  | { readonly status: 'misdirected' }
  | { readonly status: 'refused' };

/** A challenge can be answered for so long. */
const nonceLifeMs = 60_000;
/** Nonces whose counts are remembered, so that an answer is good once. */
const maxNonces = 10_000;
const realm = 'parley';

/** Lets calls of the configured trunks in, and nobody else's. */
export class Gatekeeper {
  readonly #trunks: TrunkList;
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #counts = new Map<string, number>();

  constructor(trunks: TrunkList, now: () => number) {
    this.#trunks = trunks;
    this.#now = now;
  }

  admit(request: SipRequest, { address }: Flow): Admission {
    const local = this.#trunks.at(address);
    if (local && !local.login) return { status: 'admitted', trunk: local };
    if (!local && !this.#trunks.hasRoaming) return { status: 'refused' };
    let stale = false;
    for (const value of headersOf(request, 'authorization')) {
      const params = parseDigest(value);
      if (!params || params.get('realm') !== realm) continue;
      const trunk = local ?? this.#trunks.roaming(params.get('username') ?? '');
      const verdict = this.#check(request.method, params, trunk);
      if (verdict === 'right' && trunk)
        return isFor(params.get('uri') ?? '', request.uri) ? { status: 'admitted', trunk } : { status: 'misdirected' };
      stale ||= verdict === 'stale';
    }
    return { status: 'challenged', headers: this.#challenges(address, stale) };
  }

  #challenges(address: string, stale: boolean): SipHeader[] {
    const nonce = this.#nonce(this.#now());
    const offered = this.#trunks.md5Only(address) ? algorithms.slice(-1) : algorithms;
    return offered.map((algorithm) => ({
      name: 'www-authenticate',
      value: writeDigest({ realm, nonce, qop: 'auth' }, { algorithm, ...(stale ? { stale: 'true' } : {}) }),
    }));
  }

  #check(method: string, params: Params, trunk: Trunk | undefined): 'right' | 'wrong' | 'stale' {
    const nonce = params.get('nonce') ?? '';
    const madeMs = Number.parseInt(nonce.split('-')[0] ?? '', 36);
    const algorithm = parseAlgorithm(params.get('algorithm'));
    // A password that nobody has makes a wrong name take as long as a wrong password.
    const login = trunk?.login ?? { username: '', password: randomBytes(16).toString('hex') };
    if (!algorithm || !Number.isFinite(madeMs) || !sameDigest(nonce, this.#nonce(madeMs))) return 'wrong';
    const [cnonce = '', nonceCount = ''] = [params.get('cnonce'), params.get('nc')];
    if (params.get('qop') !== 'auth' || cnonce === '' || !/^[0-9a-f]{8}$/i.test(nonceCount)) return 'wrong';
    const expected = digestResponse({
      algorithm,
      ...login,
      realm,
      method,
      uri: params.get('uri') ?? '',
      nonce,
      auth: { cnonce, nonceCount },
    });
    const right = params.get('username') === login.username && sameDigest(expected, params.get('response') ?? '');
    if (!right) return 'wrong';
    if (this.#now() - madeMs > nonceLifeMs) return 'stale';
    return this.#useOnce(nonce, Number.parseInt(nonceCount, 16)) ? 'right' : 'stale';
  }

  #nonce(madeMs: number): string {
    const stamp = madeMs.toString(36);
    return `${stamp}-${createHmac('sha256', this.#key).update(stamp).digest('hex').slice(0, 32)}`;
  }

  #useOnce(nonce: string, count: number): boolean {
    if (count <= (this.#counts.get(nonce) ?? 0)) return false;
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    if (this.#counts.size > maxNonces) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return true;
  }
}

/** Whether a digest was made for what is called. A proxy on the way may have put another of our names for the host. */
function isFor(digestUri: string, requestUri: string): boolean {
  const called = parseSipUri(requestUri)?.user;
  return digestUri === requestUri || (called !== undefined && parseSipUri(digestUri)?.user === called);
}
