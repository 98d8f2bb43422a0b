import { envelopeFault, requestFault, strayFault } from '../message/check-request.ts';
import { makeResponse } from '../message/make-response.ts';
import type { ParseResult } from '../message/parse-message.ts';
import { serializeMessage } from '../message/serialize-message.ts';
import { listOf, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import { parseVia, writeVia } from '../message/via.ts';
import type { Flow } from './flow.ts';
import { isScanner } from './scanner.ts';

export interface IncomingListener {
  /** Its top Via says where it really came from. */
  request(request: SipRequest, flow: Flow): void;
  response(response: SipResponse, flow: Flow): void;
}

/** What was read off the network: stamped and handed on when it is whole, else answered at once or dropped. */
export function receiveParsed(result: ParseResult, flow: Flow, listener: IncomingListener): void {
  const { message } = result;
  if (!message || isScanner(message)) return;
  if (message.kind === 'response') {
    if (result.ok && envelopeFault(message) === undefined) listener.response(message, flow);
    return;
  }
  const stamped = stampVia(message, flow);
  // Without a way back nobody can be told what was wrong.
  if (!stamped) return;
  const fault = result.ok ? (strayFault(message) ?? requestFault(stamped)) : result;
  const back = replyFlow(stamped, flow);
  if (!fault) listener.request(stamped, back);
  else if (message.method !== 'ACK') back.send(serializeMessage(makeResponse(stamped, fault.status, fault)));
}

/** Notes the source in the top Via: `received`, and `rport` where it was asked for (RFC 3581 §4). */
function stampVia(request: SipRequest, flow: Flow): SipRequest | undefined {
  const index = request.headers.findIndex(({ name }) => name === 'via');
  const [top = '', ...others] = listOf(request, 'via').slice(0, 100);
  const via = parseVia(top);
  if (index < 0 || !via) return undefined;
  const params = new Map(via.params);
  params.delete('received');
  if (params.has('rport')) params.set('rport', String(flow.port));
  if (params.has('rport') || via.host !== flow.address) params.set('received', flow.address);
  const headers = request.headers.filter(({ name }) => name !== 'via');
  const vias = [writeVia({ ...via, params }), ...others].map((value) => ({ name: 'via', value }));
  return { ...request, headers: [...vias, ...headers] };
}

/** To the port that the request came from if its sender asked for that, else to the one it listens on (RFC 3261 §18.2.2). */
function replyFlow(request: SipRequest, flow: Flow): Flow {
  if (flow.transport !== 'UDP') return flow;
  const via = parseVia(listOf(request, 'via')[0] ?? '');
  if (!via || via.params.has('rport')) return flow;
  return flow.toPort?.(via.port ?? 5_060) ?? flow;
}
