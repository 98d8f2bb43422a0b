import type { ServerMessage } from '../../contract/signaling.ts';

/** What the caller's page is told while the call runs. Doors without a page ignore it. */
export type PageMessage = Extract<ServerMessage, { type: 'caption' | 'agent-state' | 'flush' | 'booked' | 'ended' }>;

export type TellPage = (message: PageMessage) => void;
