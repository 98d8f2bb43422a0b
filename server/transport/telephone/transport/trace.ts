import type { Flow } from './flow.ts';

/** Sees every message as it is on the wire: for logs, masked. */
export type Trace = (
  direction: 'in' | 'out',
  bytes: Uint8Array,
  flow: Pick<Flow, 'transport' | 'address' | 'port'>,
) => void;
