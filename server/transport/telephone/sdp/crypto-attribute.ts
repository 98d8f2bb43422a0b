import { type Suite, suites } from '../srtp/protection.ts';
import { type MasterKey, masterKeyBytes, masterSaltBytes } from '../srtp/session-keys.ts';

/** An offered or chosen way to encrypt (RFC 4568): its sender encrypts with this key. */
export interface CryptoAttribute {
  /** Which of the offered ones an answer takes. */
  readonly tag: number;
  readonly suite: Suite;
  readonly master: MasterKey;
}

/**
 * The value of `a=crypto:`. Undefined for what we do not speak: other suites, several keys with an index in each packet
 * (MKI), and session parameters that change how packets are made. A lifetime is passed over: ours are below any.
 */
export function parseCrypto(value: string): CryptoAttribute | undefined {
  const match =
    /^([0-9]{1,9}) ([A-Za-z0-9_]{1,64}) inline:([A-Za-z0-9+/]{40}={0,2})(?:\|(?:2\^)?[0-9]{1,20})?(?: WSH=[0-9]{1,5})?\s*$/.exec(
      value,
    );
  if (!match) return undefined;
  const [, tag = '', name = '', inline = ''] = match;
  const suite = suites.find((one) => one === name);
  const bytes = Buffer.from(inline, 'base64');
  if (!suite || bytes.length !== masterKeyBytes + masterSaltBytes) return undefined;
  const master = { key: bytes.subarray(0, masterKeyBytes), salt: bytes.subarray(masterKeyBytes) };
  return { tag: Number(tag), suite, master };
}

export function writeCrypto({ tag, suite, master }: CryptoAttribute): string {
  return `${tag} ${suite} inline:${Buffer.concat([master.key, master.salt]).toString('base64')}`;
}
