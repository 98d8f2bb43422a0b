import { BlockList, isIP, isIPv6 } from 'node:net';
import * as v from 'valibot';
import { MediaPolicy } from '../sdp/media-policy.ts';
import { DialPattern } from './dial-plan.ts';
import { TrunkAddress } from './trunk-address.ts';

const Cidr = v.pipe(
  v.string(),
  v.check((text) => {
    const [address = '', bits, ...rest] = text.split('/');
    const most = isIPv6(address) ? 128 : 32;
    return (
      isIP(address) !== 0 &&
      rest.length === 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
    );
  }, 'must be an IP address or a network such as 203.0.113.0/24'),
);

const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be letters, digits, dots, hyphens'));

/** What may stand before the @ of an address: a number, an extension, a name. */
const user = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+*#._-]{1,64}$/, 'must be a number, an extension or a name'));

/**
 * A carrier or a telephone system. It may bring calls if it is known by addresses, by a password, or by both; calls may
 * be placed through it if it has an address of its own and a dial plan.
 */
export const Trunk = v.pipe(
  v.strictObject({
    name,
    /** Addresses or networks it calls from. */
    addresses: v.optional(v.pipe(v.array(Cidr), v.maxLength(100)), []),
    /** What it answers our challenge with (RFC 7616). */
    login: v.optional(
      v.strictObject({
        username: name,
        password: v.pipe(v.string(), v.minLength(12, 'must have at least 12 characters')),
        /** For equipment that gives up at a challenge with another hash before MD5's. */
        md5Only: v.optional(v.boolean()),
      }),
    ),
    /** Where we send calls. */
    address: v.optional(TrunkAddress),
    /** What we log in with there. */
    account: v.optional(
      v.strictObject({
        username: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
        password: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
      }),
    ),
    /** It is asked every half minute whether it is there. `false` for one that dislikes OPTIONS. */
    keepAlive: v.optional(v.boolean()),
    /** It brings calls only to those who say where they are (REGISTER). With the account's user name. */
    register: v.optional(v.boolean()),
    /** Who calls, as the other side sees it, where a call does not say. */
    callerId: v.optional(user),
    /** What may be dialled. Without it, nothing. */
    dial: v.optional(v.pipe(v.array(DialPattern), v.maxLength(200))),
    /** Calls that we place, at the same time. */
    maxCalls: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    ...MediaPolicy.entries,
  }),
  v.check(
    (trunk) => trunk.addresses.length > 0 || trunk.login !== undefined || trunk.address !== undefined,
    'needs addresses, a login or an address',
  ),
  v.check(
    (trunk) => trunk.register !== true || (trunk.address !== undefined && trunk.account !== undefined),
    'needs an address and an account to register',
  ),
);
export type Trunk = v.InferOutput<typeof Trunk>;

/** The trunks by where they call from. */
export class TrunkList {
  readonly #trunks: readonly { readonly trunk: Trunk; readonly networks: BlockList }[];

  constructor(trunks: readonly Trunk[]) {
    this.#trunks = trunks.map((trunk) => ({ trunk, networks: networksOf(trunk) }));
  }

  /** The trunk that owns an address. */
  at(address: string): Trunk | undefined {
    return this.#trunks.find(({ networks }) => networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))?.trunk;
  }

  /** The trunk that calls from anywhere with this user name. */
  roaming(username: string): Trunk | undefined {
    return this.#roaming.find(({ login }) => login?.username === username);
  }

  get hasRoaming(): boolean {
    return this.#roaming.length > 0;
  }

  /** Whether every trunk that may answer a challenge from an address knows MD5 only. */
  md5Only(address: string): boolean {
    const local = this.at(address);
    return (local ? [local] : this.#roaming).every(({ login }) => login?.md5Only === true);
  }

  get #roaming(): Trunk[] {
    return this.#trunks.map(({ trunk }) => trunk).filter(({ addresses, login }) => addresses.length === 0 && login);
  }
}

function networksOf({ addresses }: Trunk): BlockList {
  const networks = new BlockList();
  for (const text of addresses) {
    const [address = '', bits] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(bits), family);
  }
  return networks;
}
