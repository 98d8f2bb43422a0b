import { parseCSeq } from './cseq.ts';
import { parseNameAddr } from './name-addr.ts';
import { headerOf, headersOf, listOf, type SipMessage, type SipRequest, splitOutside } from './sip-message.ts';
import { parseSipUri } from './uri.ts';
import { parseVia } from './via.ts';

export interface RequestFault {
  readonly status: 400 | 416;
  readonly reason: string;
}

const singles = ['from', 'to', 'call-id', 'cseq', 'max-forwards'];

/** What every request must have (RFC 3261 §8.1.1) and say about itself without contradiction. */
export function requestFault(request: SipRequest): RequestFault | undefined {
  const envelope = envelopeFault(request);
  if (envelope !== undefined) return { status: 400, reason: envelope };
  const cseq = parseCSeq(headerOf(request, 'cseq') ?? '');
  if (cseq?.method !== request.method) return { status: 400, reason: 'CSeq Does Not Match The Method' };
  const hops = headerOf(request, 'max-forwards') ?? '70';
  if (!/^[0-9]{1,4}$/.test(hops) || Number(hops) > 255) return { status: 400, reason: 'Bad Max-Forwards' };
  if (/^(?:sips?):/i.test(request.uri)) {
    const isUri = parseSipUri(request.uri) !== undefined && !hasHeaders(request.uri);
    return isUri ? undefined : { status: 400, reason: 'Bad Request-URI' };
  }
  return { status: 416, reason: 'Unsupported URI Scheme' };
}

/** What a URI may bring along elsewhere has no place in a request's target (RFC 3261 §19.1.1). */
const hasHeaders = (uri: string): boolean => uri.includes('?', uri.lastIndexOf('@') + 1);

/** Separators with nothing between them, in headers that say where to answer. */
export function strayFault(request: SipRequest): RequestFault | undefined {
  const strays = [...headersOf(request, 'via'), ...headersOf(request, 'contact')].some(hasStray);
  return strays ? { status: 400, reason: 'Stray Separators' } : undefined;
}

function hasStray(value: string): boolean {
  if (!/[;,]\s*(?:[;,]|$)/.test(value)) return false;
  return splitOutside(value, ',').some((part) => splitOutside(part, ';').includes(''));
}

/** What every message must have to belong to a transaction. */
export function envelopeFault(message: SipMessage): string | undefined {
  for (const name of singles) {
    if (headersOf(message, name).length > 1) return `More Than One ${name}`;
  }
  const [via = ''] = listOf(message, 'via');
  if (!parseVia(via)) return 'Bad Via';
  if (!/^\S{1,512}$/.test(headerOf(message, 'call-id') ?? '')) return 'Bad Call-ID';
  if (!parseCSeq(headerOf(message, 'cseq') ?? '')) return 'Bad CSeq';
  for (const name of ['from', 'to'] as const) {
    if (!parseNameAddr(headerOf(message, name) ?? '')) return `Bad ${name === 'to' ? 'To' : 'From'}`;
  }
  return undefined;
}
