import * as v from 'valibot';
import { parseHostPort } from '../message/uri.ts';
import type { Flow } from '../transport/flow.ts';

/** Where a trunk takes calls and registrations. */
export interface TrunkAddress {
  readonly host: string;
  /** Without it, its DNS records say, or it is the usual one. */
  readonly port: number | undefined;
  /** Without it, its DNS records say, or it is UDP. */
  readonly transport: Flow['transport'] | undefined;
}

/** `sip.example.com`, `192.0.2.5:5080`, `sip.example.com:5061;tls`. */
export const TrunkAddress = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): TrunkAddress => {
    const match = /^([^;]+)(?:;(?:transport=)?(udp|tcp|tls))?$/i.exec(dataset.value);
    const place = match ? parseHostPort(match[1] ?? '') : undefined;
    if (!match || !place) {
      addIssue({ message: 'must be a host with perhaps a port and a transport, as sip.example.com:5061;tls' });
      return NEVER;
    }
    const name = match[2]?.toUpperCase();
    return { ...place, transport: name === 'UDP' || name === 'TCP' || name === 'TLS' ? name : undefined };
  }),
);
