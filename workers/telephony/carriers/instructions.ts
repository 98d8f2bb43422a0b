import { type Carrier, streamPath, tokenParameters } from '../../../contract/carrier-stream.ts';
import { type Element, xmlDocument } from './xml.ts';

const hangUp: Element = { name: 'Hangup' };

/** The caller talks to the agent over a media stream; afterwards the carrier asks `afterUrl` what to do. */
export function streamTo(carrier: Carrier, signalingUrl: string, token: string, afterUrl: string): string {
  const url = signalingUrl.replace(/\/v1\/signaling$/, '') + streamPath(carrier);
  // Telnyx plays MP3 files unless it is told that packets come.
  const mode =
    carrier === 'telnyx'
      ? { track: 'inbound_track', codec: 'PCMU', bidirectionalMode: 'rtp', bidirectionalCodec: 'PCMU' }
      : {};
  const parameters = Object.entries(tokenParameters(token)).map(([name, value]): Element => ({
    name: 'Parameter',
    attributes: { name, value },
  }));
  const stream: Element = { name: 'Stream', attributes: { url, ...mode }, children: parameters };
  return response({ name: 'Connect', attributes: { action: afterUrl }, children: [stream] }, hangUp);
}

/** The same by SIP. */
export function dialSip(uri: string, afterUrl: string): string {
  const dial: Element = {
    name: 'Dial',
    attributes: { action: afterUrl, answerOnBridge: 'true' },
    children: [{ name: 'Sip', children: [uri] }],
  };
  return response(dial, hangUp);
}

/** In the carrier's own voice, then the call is over. */
export function sayAndHangUp(sentences: readonly string[], locale: string): string {
  const says = sentences.map((text): Element => ({ name: 'Say', attributes: { language: locale }, children: [text] }));
  return response(...says, hangUp);
}

export const justHangUp = (): string => response(hangUp);

/** The caller hears that the number is not in use; nothing is charged. */
export const reject = (): string => response({ name: 'Reject' });

const response = (...children: readonly Element[]): string => xmlDocument({ name: 'Response', children });
