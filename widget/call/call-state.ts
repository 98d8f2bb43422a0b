import type { CallMode, WidgetConfig } from '../../contract/session.ts';
import type { ServerMessage } from '../../contract/signaling.ts';
import type { Failure } from './failure.ts';

export type Message<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;
export type Caption = Omit<Message<'caption'>, 'type'>;
export type Booking = Omit<Message<'booked'>, 'type'>;
export type Ended = Omit<Message<'ended'>, 'type'>;
export type AgentState = Message<'agent-state'>['state'];

/** Why the microphone cannot be used. */
export type MicrophoneFault = 'denied' | 'missing' | 'in-use' | 'insecure' | 'unsupported';

export type Phase = 'loading' | 'consent' | 'microphone' | 'connecting' | 'talking' | 'ended' | 'failed';

/** Everything the panel shows. Replaced, never changed in place. */
export interface CallState {
  readonly phase: Phase;
  readonly mode: CallMode;
  readonly config: WidgetConfig | null;
  readonly microphoneFault: MicrophoneFault | null;
  readonly callId: string | null;
  readonly agentName: string;
  readonly agent: AgentState;
  readonly socket: 'up' | 'down';
  /** `none` in a typed call. */
  readonly media: 'none' | 'connecting' | 'up' | 'down';
  /** The browser refused to play sound until the visitor touches the page. */
  readonly soundBlocked: boolean;
  readonly muted: boolean;
  /** The visitor has hung up; the host's last word is awaited. */
  readonly ending: boolean;
  readonly captions: readonly Caption[];
  readonly bookings: readonly Booking[];
  /** A problem the call survives. */
  readonly notice: { readonly message: string; readonly action: string } | null;
  readonly ended: Ended | null;
  readonly failure: Failure | null;
}

export const initialState: CallState = {
  phase: 'loading',
  mode: 'voice',
  config: null,
  microphoneFault: null,
  callId: null,
  agentName: '',
  agent: 'listening',
  socket: 'down',
  media: 'none',
  soundBlocked: false,
  muted: false,
  ending: false,
  captions: [],
  bookings: [],
  notice: null,
  ended: null,
  failure: null,
};

/** What the visitor sees of the line: one word for socket and media together. */
export function lineOf(state: CallState): 'connecting' | 'up' | 'reconnecting' {
  if (state.socket === 'down' || state.media === 'down') return 'reconnecting';
  return state.media === 'connecting' ? 'connecting' : 'up';
}
