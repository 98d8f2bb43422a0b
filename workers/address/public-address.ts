/** What is wrong with an address, for the person who gave it; null where nothing is. */
export type Trouble = string | null;

/** Blocks that are not the public internet (IANA special-purpose registry), and where clouds keep their metadata. */
const reservedV4: readonly (readonly [number, number])[] = [
  block(0, 0, 0, 0, 8),
  block(10, 0, 0, 0, 8),
  block(100, 64, 0, 0, 10),
  block(127, 0, 0, 0, 8),
  // Link-local, and the metadata of AWS, Google and Azure.
  block(169, 254, 0, 0, 16),
  block(172, 16, 0, 0, 12),
  block(192, 0, 0, 0, 24),
  block(192, 0, 2, 0, 24),
  block(192, 88, 99, 0, 24),
  block(192, 168, 0, 0, 16),
  block(198, 18, 0, 0, 15),
  block(198, 51, 100, 0, 24),
  block(203, 0, 113, 0, 24),
  // Azure's host.
  block(168, 63, 129, 16, 32),
  // Multicast, reserved, broadcast.
  block(224, 0, 0, 0, 3),
];

/** Names that lead nowhere outside, or into whatever network we happen to be in. */
const innerNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|onion|invalid)$/;

/**
 * Whether something may be sent to an address that an owner gave: https, a public host, no password in it. The URL parser has
 * brought every notation of an IPv4 address (decimal, octal, hexadecimal, short) to one. In development, loopback may be used too.
 */
export function urlTrouble(text: string, { loopback }: { loopback: boolean }): Trouble {
  const trouble = formTrouble(text);
  if (trouble !== null) return trouble;
  const { protocol, hostname } = new URL(text);
  if (loopback && isLoopback(hostname) && /^https?:$/.test(protocol)) return null;
  if (protocol !== 'https:') return 'What goes out is sent over https: only.';
  return hostTrouble(hostname);
}

/** The same where private networks are allowed: any host, with or without TLS, but those where clouds keep their metadata. */
export function privateUrlTrouble(text: string): Trouble {
  const trouble = formTrouble(text);
  if (trouble !== null) return trouble;
  const { protocol, hostname } = new URL(text);
  if (!/^https?:$/.test(protocol)) return 'Write an http: or https: URL.';
  return isMetadata(hostname) ? `${hostname} is where clouds keep their metadata.` : null;
}

function formTrouble(text: string): Trouble {
  if (!URL.canParse(text)) return 'This is no URL. Write one such as https://example.com/hooks.';
  const { username, password, hash } = new URL(text);
  if (username !== '' || password !== '') return 'A name or password in the URL would be sent around. Leave it out.';
  return hash === '' ? null : 'What is behind # is never sent. Leave it out.';
}

/** The same of an address that a name leads to. */
export function addressTrouble(address: string): Trouble {
  const v6 = address.includes(':') ? readV6(address) : null;
  const isPublic = v6 === null ? isPublicV4(readV4(address)) : isPublicV6(v6);
  return isPublic ? null : `${address} is no public address.`;
}

/** Whether the host of a URL is an address rather than a name. */
export const isAddress = (hostname: string): boolean => hostname.startsWith('[') || readV4(hostname) !== null;

function hostTrouble(hostname: string): Trouble {
  if (isAddress(hostname)) return addressTrouble(bare(hostname));
  const name = hostname.replace(/\.$/, '');
  if (!name.includes('.') || innerNames.test(name)) return `${name} is no name on the public internet.`;
  return null;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Link-local, as the URL parser writes it, and the clouds' own. */
function isMetadata(hostname: string): boolean {
  const v4 = readV4(hostname);
  if (v4 !== null) return isMetadataV4(v4);
  if (!hostname.startsWith('[')) return metadataNames.has(hostname.replace(/\.$/, ''));
  const groups = readV6(bare(hostname)) ?? [];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const isMapped = a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff;
  if (isMapped) return isMetadataV4(g * 65_536 + h);
  // fe80::/10, and fd00:ec2::254 of AWS.
  return (a & 0xffc0) === 0xfe80 || (a === 0xfd00 && b === 0xec2);
}

const metadataNames: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata.goog']);

const metadataV4 = [block(169, 254, 0, 0, 16), block(168, 63, 129, 16, 32), block(100, 100, 100, 200, 32)];
const isMetadataV4 = (value: number): boolean =>
  metadataV4.some(([first, size]) => value >= first && value < first + size);

function isLoopback(hostname: string): boolean {
  const v4 = readV4(hostname);
  return hostname === 'localhost' || bare(hostname) === '::1' || (v4 !== null && v4 >>> 24 === 127);
}

/** Dotted decimal, as the URL parser and DNS write it. */
function readV4(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function isPublicV4(value: number | null): boolean {
  return value !== null && !reservedV4.some(([first, size]) => value >= first && value < first + size);
}

/** Eight groups; null for what is no IPv6 address. */
function readV6(text: string): number[] | null {
  if (!URL.canParse(`http://[${text}]/`)) return null;
  const [head = '', tail] = bare(new URL(`http://[${text}]/`).hostname).split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  if (tail === undefined) return before;
  const after = groups(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

/**
 * Only global unicast (2000::/3), less what stands for other networks in it. Everything else, as loopback, link-local, unique
 * local, IPv4-mapped and NAT64 (64:ff9b::/96), is refused without a list.
 */
function isPublicV6([a = 0, b = 0]: readonly number[]): boolean {
  if (a < 0x2000 || a > 0x3fff) return false;
  const isSpecial =
    // Protocol assignments, Teredo and ORCHID (2001::/23); documentation.
    (a === 0x2001 && (b < 0x200 || b === 0xdb8)) || (a === 0x3fff && b < 0x1000);
  // 6to4 carries an IPv4 address.
  return !isSpecial && a !== 0x2002;
}

function block(a: number, b: number, c: number, d: number, bits: number): readonly [number, number] {
  return [((a * 256 + b) * 256 + c) * 256 + d, 2 ** (32 - bits)];
}
