import { isIPv6 } from 'node:net';
import { writeCrypto } from './crypto-attribute.ts';
import { type MediaDescription, type SessionDescription, staticCodecs } from './session-description.ts';

/** The bytes of a description whose streams all live at its origin's address. */
export function writeSdp({ origin, media }: SessionDescription): Buffer {
  const network = `IN ${isIPv6(origin.address) ? 'IP6' : 'IP4'} ${origin.address}`;
  const lines = [
    'v=0',
    `o=parley ${origin.sessionId} ${origin.version} ${network}`,
    's=-',
    `c=${network}`,
    't=0 0',
    ...media.flatMap(mediaLines),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

function mediaLines({
  kind,
  port,
  protocol,
  formats,
  codecs,
  direction,
  packetMs,
  crypto,
}: MediaDescription): string[] {
  const start = `m=${kind} ${port} ${protocol} ${formats.join(' ') || '0'}`;
  if (port === 0) return [start];
  const maps = [...codecs].flatMap(([type, { name, clockRateHz, channels, parameters }]) => [
    ...(staticCodecs.has(type) && parameters === ''
      ? []
      : [`a=rtpmap:${type} ${name.toLowerCase()}/${clockRateHz}${channels === undefined ? '' : `/${channels}`}`]),
    ...(parameters === '' ? [] : [`a=fmtp:${type} ${parameters}`]),
  ]);
  const keys = crypto.map((one) => `a=crypto:${writeCrypto(one)}`);
  return [start, ...maps, ...keys, ...(packetMs === undefined ? [] : [`a=ptime:${packetMs}`]), `a=${direction}`];
}
