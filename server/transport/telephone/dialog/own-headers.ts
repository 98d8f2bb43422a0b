import { noParams } from '../message/params.ts';
import { noBody, type SipHeader, type SipRequest } from '../message/sip-message.ts';
import { writeSipUri } from '../message/uri.ts';
import { branchCookie, writeVia } from '../message/via.ts';
import type { Flow } from '../transport/flow.ts';

/** How others reach us. */
export interface LocalEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Random text that nobody can guess. */
export type NewId = () => string;

/** The Via of a new request of ours, with a branch of its own. */
export function newVia(transport: Flow['transport'], { address, port }: LocalEndpoint, newId: NewId): SipHeader {
  const params = new Map([...noParams, ['branch', `${branchCookie}${newId()}`], ['rport', '']]);
  return { name: 'via', value: writeVia({ transport, host: address, port, params }) };
}

/** Where requests of a dialog reach us. */
export function ownContact(transport: Flow['transport'], { address, port }: LocalEndpoint, user = 'parley'): SipHeader {
  const suffix = transport === 'UDP' ? '' : `;transport=${transport.toLowerCase()}`;
  return { name: 'contact', value: `<${writeSipUri(user, address, port)}${suffix}>` };
}

export interface FirstRequestParts {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly sequence: number;
  readonly via: SipHeader;
  readonly headers: readonly SipHeader[];
}

/** A request outside of any dialog (RFC 3261 §8.1.1). */
export function makeFirstRequest(parts: FirstRequestParts): SipRequest {
  const { method, uri, from, to, callId, sequence, via, headers } = parts;
  return {
    kind: 'request',
    method,
    uri,
    headers: [
      via,
      { name: 'max-forwards', value: '70' },
      { name: 'from', value: from },
      { name: 'to', value: to },
      { name: 'call-id', value: callId },
      { name: 'cseq', value: `${sequence} ${method}` },
      ...headers,
    ],
    body: noBody,
  };
}
