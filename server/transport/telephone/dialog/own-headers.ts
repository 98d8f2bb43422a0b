import { noParams } from '../message/params.ts';
import type { SipHeader } from '../message/sip-message.ts';
import { writeHostPort } from '../message/uri.ts';
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
export function ownContact(transport: Flow['transport'], { address, port }: LocalEndpoint): SipHeader {
  const suffix = transport === 'UDP' ? '' : `;transport=${transport.toLowerCase()}`;
  return { name: 'contact', value: `<sip:parley@${writeHostPort(address, port)}${suffix}>` };
}
