import type { CallMode, WidgetConfig } from '../../contract/session.ts';
import type { ServerMessage } from '../../contract/signaling.ts';
import {
  type Booking,
  type CallState,
  type Caption,
  type Ended,
  type MicrophoneFault,
  initialState,
} from './call-state.ts';
import type { Failure } from './failure.ts';

/** Everything that changes what the panel shows. */
export type CallEvent =
  | { readonly type: 'load' }
  | { readonly type: 'config'; readonly config: WidgetConfig }
  | { readonly type: 'consent'; readonly mode: CallMode }
  | { readonly type: 'microphone-fault'; readonly fault: MicrophoneFault }
  | { readonly type: 'message'; readonly message: ServerMessage }
  | { readonly type: 'socket-down' }
  | { readonly type: 'media'; readonly media: 'connecting' | 'up' | 'down' }
  | { readonly type: 'sound'; readonly blocked: boolean }
  | { readonly type: 'mute'; readonly muted: boolean }
  | { readonly type: 'hang-up' }
  /** The call is over without the host's own `ended`. */
  | { readonly type: 'over'; readonly ended: Ended }
  | { readonly type: 'fail'; readonly failure: Failure };

/** Captions kept on the page. An hour's call has about 400. */
const MAX_CAPTIONS = 400;

/** The call's life as a pure function. An event that makes no sense in a phase changes nothing. */
export function reduce(state: CallState, event: CallEvent): CallState {
  switch (event.type) {
    case 'load':
      return initialState;
    case 'config':
      return state.phase === 'loading'
        ? { ...state, phase: 'consent', config: event.config, agentName: event.config.agentName }
        : state;
    case 'consent':
      if (state.config === null || state.phase === 'connecting' || state.phase === 'talking') return state;
      return {
        ...initialState,
        phase: 'connecting',
        mode: event.mode,
        config: state.config,
        agentName: state.config.agentName,
      };
    case 'microphone-fault':
      return state.phase === 'connecting' ? { ...state, phase: 'microphone', microphoneFault: event.fault } : state;
    case 'message':
      return reduceMessage(state, event.message);
    case 'socket-down':
      return state.phase === 'talking' ? { ...state, socket: 'down' } : state;
    case 'media':
      return state.phase === 'talking' && state.mode === 'voice' ? { ...state, media: event.media } : state;
    case 'sound':
      return state.phase === 'talking' ? { ...state, soundBlocked: event.blocked } : state;
    case 'mute':
      return state.phase === 'talking' && state.mode === 'voice' ? { ...state, muted: event.muted } : state;
    case 'hang-up':
      return state.phase === 'talking' ? { ...state, ending: true } : state;
    case 'over':
      return end(state, event.ended);
    case 'fail':
      return state.phase === 'ended' ? state : { ...state, phase: 'failed', failure: event.failure };
    default:
      return event satisfies never;
  }
}

function reduceMessage(state: CallState, message: ServerMessage): CallState {
  if (message.type === 'welcome') {
    if (state.phase === 'connecting')
      return {
        ...state,
        phase: 'talking',
        socket: 'up',
        // A node without media makes it a typed call, whatever was asked for.
        mode: message.media === undefined ? 'text' : state.mode,
        media: message.media === undefined ? 'none' : 'connecting',
        callId: message.callId,
        agentName: message.agentName,
        agent: 'thinking',
      };
    return state.phase === 'talking' ? { ...state, socket: 'up', notice: null } : state;
  }
  if (state.phase !== 'talking') return state;
  switch (message.type) {
    case 'caption': {
      const { type: _, ...caption } = message;
      return { ...state, captions: upsertCaption(state.captions, caption) };
    }
    case 'agent-state':
      return { ...state, agent: message.state };
    case 'booked': {
      const { type: _, ...booking } = message;
      return { ...state, bookings: upsertBooking(state.bookings, booking) };
    }
    case 'media-restart':
      return state.mode === 'voice' ? { ...state, media: 'down' } : state;
    case 'ended': {
      const { type: _, ...ended } = message;
      return end(state, ended);
    }
    case 'problem':
      return { ...state, notice: { message: message.message, action: message.action } };
    case 'flush':
    case 'produced':
    case 'consumed':
    case 'ice-restarted':
    // For people of the business; no visitor gets one.
    case 'briefing':
      return state;
    default:
      return message satisfies never;
  }
}

function end(state: CallState, ended: Ended): CallState {
  if (state.phase !== 'talking') return state;
  return { ...state, phase: 'ended', ended, ending: false, agent: 'listening', notice: null, soundBlocked: false };
}

/**
 * An interim caption is replaced by the next of its id; a final one stays. A caption that becomes empty goes: nothing
 * of it was heard.
 */
function upsertCaption(captions: readonly Caption[], caption: Caption): readonly Caption[] {
  const known = captions.findIndex(({ id }) => id === caption.id);
  if (known === -1) return caption.text === '' ? captions : [...captions, caption].slice(-MAX_CAPTIONS);
  if (captions[known]?.final === true && !caption.final) return captions;
  return caption.text === '' ? captions.toSpliced(known, 1) : captions.with(known, caption);
}

/** The node says a booking again after a resume. */
function upsertBooking(bookings: readonly Booking[], booking: Booking): readonly Booking[] {
  const known = bookings.findIndex(({ startMs, icsUrl }) => startMs === booking.startMs && icsUrl === booking.icsUrl);
  return known === -1 ? [...bookings, booking] : bookings.with(known, booking);
}
