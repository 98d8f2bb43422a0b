import { headerOf, noBody, type SipHeader, type SipRequest, type SipResponse } from './sip-message.ts';

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  603: 'Decline',
};

export interface ResponseParts {
  /** Default: what the status means. */
  readonly reason?: string;
  /** Our tag of the dialog; not in a 100. */
  readonly toTag?: string;
  readonly headers?: readonly SipHeader[];
  readonly body?: Uint8Array;
}

const copied = new Set(['via', 'from', 'call-id', 'cseq']);

/** An answer to a request (RFC 3261 §8.2.6): Via, From, Call-ID and CSeq are the request's, in their order. */
export function makeResponse(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
  const { reason = reasons[status] ?? 'Unknown', toTag, headers = [], body = noBody } = parts;
  const to = headerOf(request, 'to') ?? '';
  const tagged = toTag === undefined || /;\s*tag\s*=/i.test(to) ? to : `${to};tag=${toTag}`;
  const own = request.headers.filter(({ name }) => copied.has(name));
  return { kind: 'response', status, reason, headers: [...own, { name: 'to', value: tagged }, ...headers], body };
}
