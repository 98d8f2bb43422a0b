import * as v from 'valibot';
import { OutcomeName, EndReason } from './call-event.ts';
import { EpochMs, DurationMs, Utterance, Uuid } from './primitives.ts';
import { ProblemCode } from './problem.ts';
import { CallMode } from './session.ts';

/**
 * The page and the media node talk JSON over one WebSocket (`/v1/signaling`). The first message is
 * `hello` or `resume`, within five seconds. At most 64 kB a message and 50 messages a second. `welcome` answers both;
 * after `resume` its transports have the ids they had, unless the media worker was replaced meanwhile.
 *
 * WebRTC parameters are mediasoup's own JSON; the library on each side checks their inside.
 */
const rtcParameters = v.record(v.string(), v.unknown());

const direction = v.picklist(['send', 'receive']);

/** A page's own measurement; more than ten seconds is no measurement. */
const measuredMs = v.pipe(DurationMs, v.maxValue(10_000));

export const ClientMessage = v.variant('type', [
  v.object({ type: v.literal('hello'), token: v.pipe(v.string(), v.maxLength(4_096)), mode: CallMode }),
  /** After the socket was lost: the same call goes on. */
  v.object({ type: v.literal('resume'), callId: Uuid, resumeKey: v.pipe(v.string(), v.maxLength(128)) }),
  v.object({ type: v.literal('connect-transport'), direction, dtlsParameters: rtcParameters }),
  v.object({ type: v.literal('produce'), rtpParameters: rtcParameters }),
  v.object({ type: v.literal('consume'), rtpCapabilities: rtcParameters }),
  /** The page plays the agent's audio; the agent may speak. Voice calls only. */
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('restart-ice'), direction }),
  v.object({ type: v.literal('say'), text: v.pipe(Utterance, v.minLength(1)) }),
  /** The visitor is writing: not silent. At most one in two seconds is needed. */
  v.object({ type: v.literal('typing') }),
  v.object({ type: v.literal('mute'), muted: v.boolean() }),
  /** From the page's `getStats()`: round trip and jitter buffer of the agent's audio. */
  v.object({ type: v.literal('media-stats'), roundTripMs: measuredMs, jitterBufferMs: measuredMs }),
  v.object({ type: v.literal('hang-up') }),
  /** Of whoever has joined to take a call over, once they have read the briefing and are `ready`. */
  v.object({ type: v.literal('accept') }),
  v.object({ type: v.literal('decline') }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

const transport = v.object({
  id: v.string(),
  iceParameters: rtcParameters,
  iceCandidates: v.array(rtcParameters),
  dtlsParameters: rtcParameters,
});
export const TransportOffer = transport;
export type TransportOffer = v.InferOutput<typeof TransportOffer>;

/** Everything a page needs to build its media, at the start and again after `media-restart`. */
export const MediaOffer = v.object({ routerRtpCapabilities: rtcParameters, send: transport, receive: transport });
export type MediaOffer = v.InferOutput<typeof MediaOffer>;

export const ServerMessage = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    callId: Uuid,
    resumeKey: v.string(),
    agentName: v.string(),
    /** Absent in a typed call. */
    media: v.optional(MediaOffer),
  }),
  v.object({ type: v.literal('produced'), producerId: v.string() }),
  v.object({
    type: v.literal('consumed'),
    consumerId: v.string(),
    producerId: v.string(),
    rtpParameters: rtcParameters,
  }),
  v.object({ type: v.literal('ice-restarted'), direction, iceParameters: rtcParameters }),
  /** The media worker was replaced: build both transports anew. The conversation goes on. */
  v.object({ type: v.literal('media-restart'), media: MediaOffer }),
  /** Words as they are known. `final: false` is replaced by the next one of the same `id`. */
  v.object({
    type: v.literal('caption'),
    id: v.string(),
    who: v.picklist(['agent', 'caller']),
    text: v.string(),
    final: v.boolean(),
    atMs: EpochMs,
  }),
  v.object({ type: v.literal('agent-state'), state: v.picklist(['listening', 'thinking', 'speaking']) }),
  /** A barge-in: silence what is still in the page's jitter buffer. */
  v.object({ type: v.literal('flush') }),
  v.object({
    type: v.literal('booked'),
    serviceName: v.string(),
    startMs: EpochMs,
    endMs: EpochMs,
    timeZone: v.string(),
    icsUrl: v.string(),
  }),
  /** To whoever has joined to take a call over: what it is about. Follows `welcome`. */
  v.object({ type: v.literal('briefing'), callId: Uuid, text: v.string() }),
  v.object({
    type: v.literal('ended'),
    reason: EndReason,
    outcome: OutcomeName,
    /** What happens next, in sentences for the visitor. */
    next: v.array(v.string()),
  }),
  v.object({ type: v.literal('problem'), code: ProblemCode, message: v.string(), action: v.string() }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
