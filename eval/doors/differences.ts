import type { CallFact } from '../../contract/call-event.ts';
import type { DoorName } from './door.ts';

/** Facts that only one door has: a telephone line is measured. */
const facts: Readonly<Record<DoorName, readonly CallFact['type'][]>> = { browser: [], phone: ['line-quality'] };

/**
 * All that may differ between the record of a call by browser and of the same call by telephone. What is not here must
 * be the same.
 */
export const differences = {
  facts,
  /** A page shows the disclosure and stores the consent; by telephone the agent's first words are the disclosure. */
  disclosure: { browser: 'shown before the call', phone: 'said first' },
  /** A telephone shows its number, which the agent has confirmed or looks the caller up by; in a page it is said and read back. */
  phoneNumber: { browser: 'said', phone: 'shown' },
  /** Other samples give other probabilities. */
  leadFields: ['confidence'],
} as const;
