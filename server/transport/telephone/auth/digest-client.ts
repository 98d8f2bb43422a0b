import { headersOf, type SipHeader, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { algorithms, type Algorithm, digestResponse, parseAlgorithm, parseDigest, writeDigest } from './digest.ts';

/** What we log in with at a trunk. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

interface Challenge {
  /** The header that answers it. */
  readonly header: 'authorization' | 'proxy-authorization';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: Algorithm;
  readonly algorithmNamed: boolean;
  readonly qop: boolean;
  uses: number;
}

/** More are an attack on our patience. */
const maxChallenges = 5;

/** Answers the challenges of one trunk (RFC 7616, RFC 8760), and remembers them for the requests that follow. */
export class DigestClient {
  readonly #account: Account | undefined;
  readonly #newCnonce: () => string;
  readonly #challenges = new Map<string, Challenge>();

  constructor(account: Account | undefined, newCnonce: () => string) {
    this.#account = account;
    this.#newCnonce = newCnonce;
  }

  /** The credentials for a request, of every challenge so far; none before the first. */
  authorize(method: string, uri: string): SipHeader[] {
    return [...this.#challenges.values()].map((challenge) => this.#answer(challenge, method, uri));
  }

  /**
   * Takes the challenges of a 401 or 407. False when sending the request again would not help: there is no account, no
   * algorithm in common, or the password was already refused.
   */
  takes(response: SipResponse, request: SipRequest): boolean {
    const account = this.#account;
    if (!account) return false;
    const proxy = response.status === 407;
    const header = proxy ? 'proxy-authorization' : 'authorization';
    const offered = headersOf(response, proxy ? 'proxy-authenticate' : 'www-authenticate')
      .slice(0, 10)
      .flatMap((value) => readChallenge(value, header));
    // The best of each realm.
    const sorted = offered.toSorted((a, b) => algorithms.indexOf(a.algorithm) - algorithms.indexOf(b.algorithm));
    const best = [...new Map(sorted.toReversed().map((one) => [one.realm, one])).values()];
    if (best.length === 0 || best.some((one) => this.#wasRefused(one, request))) return false;
    for (const { stale: _, ...challenge } of best) {
      const key = `${header}|${challenge.realm}`;
      if (!this.#challenges.has(key) && this.#challenges.size >= maxChallenges) return false;
      this.#challenges.set(key, { ...challenge, uses: 0 });
    }
    return true;
  }

  /** The request had already answered this realm with a nonce that was fresh. */
  #wasRefused({ header, realm, stale }: Challenge & { stale: boolean }, request: SipRequest): boolean {
    if (stale) return false;
    const sent = headersOf(request, header).some((value) => parseDigest(value)?.get('realm') === realm);
    return sent && (this.#challenges.get(`${header}|${realm}`)?.uses ?? 0) <= 1;
  }

  #answer(challenge: Challenge, method: string, uri: string): SipHeader {
    const { username = '', password = '' } = this.#account ?? {};
    const { header, realm, nonce, opaque, algorithm, algorithmNamed, qop } = challenge;
    challenge.uses += 1;
    const nonceCount = challenge.uses.toString(16).padStart(8, '0');
    const cnonce = this.#newCnonce();
    const parts = { algorithm, username, password, realm, method, uri, nonce };
    const response = digestResponse(qop ? { ...parts, auth: { cnonce, nonceCount } } : parts);
    const quoted = {
      username,
      realm,
      nonce,
      uri,
      response,
      ...(qop ? { cnonce } : {}),
      ...(opaque === undefined ? {} : { opaque }),
    };
    const bare = { ...(algorithmNamed ? { algorithm } : {}), ...(qop ? { qop: 'auth', nc: nonceCount } : {}) };
    return { name: header, value: writeDigest(quoted, bare) };
  }
}

function readChallenge(value: string, header: Challenge['header']): (Challenge & { stale: boolean })[] {
  const params = parseDigest(value);
  const algorithm = params && parseAlgorithm(params.get('algorithm'));
  const [realm, nonce] = [params?.get('realm'), params?.get('nonce')];
  if (!params || !algorithm || realm === undefined || nonce === undefined) return [];
  const qops = params
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase());
  // Integrity of the body alone is not ours to give.
  if (qops && !qops.includes('auth')) return [];
  return [
    {
      header,
      realm,
      nonce,
      opaque: params.get('opaque'),
      algorithm,
      algorithmNamed: params.has('algorithm'),
      qop: qops !== undefined,
      uses: 0,
      stale: params.get('stale')?.toLowerCase() === 'true',
    },
  ];
}
