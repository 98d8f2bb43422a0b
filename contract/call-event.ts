import * as v from 'valibot';
import {
  BundleHash,
  Confidence,
  DurationMs,
  EpochMs,
  Locale,
  PhoneNumber,
  ShortText,
  Slug,
  Utterance,
  Uuid,
} from './primitives.ts';
import { DecisionRecord } from './decision.ts';
import { AnsweredBy, Disposition } from './outbound.ts';
import { handoverFacts } from './handover.ts';
import { PurposeKind } from './purpose.ts';
import { Lead, Owner } from './lead.ts';
import { CallMode, Door, Hypothesis } from './session.ts';

export const OutcomeName = v.picklist([
  'appointment-booked',
  'appointment-moved',
  'appointment-cancelled',
  'appointment-confirmed',
  'transferred',
  'call-back-promised',
  'qualified',
  'not-qualified',
  'information-given',
  'not-interested',
  'do-not-call',
  'wrong-person',
  'not-reached',
  'no-speech',
  'incomplete',
]);

/** What is never kept of what callers say. */
export const RedactedKind = v.picklist(['card-number', 'card-code', 'government-id', 'bank-account', 'secret']);
export type RedactedKind = v.InferOutput<typeof RedactedKind>;

/** Why a call ended. */
export const EndReason = v.picklist([
  'agent-goodbye',
  'caller-hang-up',
  'caller-silent',
  /** We called, and nobody was spoken to. */
  'not-answered',
  'connection-lost',
  'interrupted',
  'time-limit',
  'shut-down',
  /** The trunk has taken the call to a person; nothing of it comes here any more. */
  'transferred',
]);
export type EndReason = v.InferOutput<typeof EndReason>;

const stages = v.object({
  /** Caller's last speech sample to the decision that the turn is over. */
  endpointing: DurationMs,
  /** … to the final transcript. */
  recognition: DurationMs,
  /** … to the reply, decided and phrased. */
  decision: DurationMs,
  /** … to its first synthesised sample. */
  synthesis: DurationMs,
  /** … to the first packet with it. */
  packet: DurationMs,
});
/** Where a reply's time went. Each stage is counted from the end of the one before. */
export const TurnStages = stages;
export type TurnStages = v.InferOutput<typeof TurnStages>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const turn = count;

/** What a call used of an engine that is paid for. Those on the media node itself are not counted. */
export const EngineUsage = v.object({
  task: v.picklist(['recognition', 'synthesis', 'language']),
  /** Who is to be paid, as `openai`. */
  engine: ShortText,
  model: ShortText,
  requests: count,
  /** Sound that was transcribed. */
  audioMs: v.optional(DurationMs),
  /** Text that was synthesised. What came from a cache cost nothing and is not in it. */
  characters: v.optional(count),
  inputTokens: v.optional(count),
  outputTokens: v.optional(count),
  /** Where the operator has set a price. */
  costUsd: v.optional(v.pipe(v.number(), v.minValue(0))),
});
export type EngineUsage = v.InferOutput<typeof EngineUsage>;

/** What happened, without its place in the call. Ordered as a call goes. */
export const CallFact = v.variant('type', [
  v.object({
    type: v.literal('call-start'),
    door: Door,
    mode: CallMode,
    playbook: BundleHash,
    node: ShortText,
    locale: Locale,
    origin: v.optional(v.string()),
    pageUrl: v.optional(v.string()),
    consentVersion: v.optional(v.string()),
    consentAtMs: v.optional(EpochMs),
    /** By phone: who calls, where they show it, and what they dialled. */
    callerNumber: v.optional(PhoneNumber),
    dialledNumber: v.optional(PhoneNumber),
    /** Absent: somebody called us. */
    purpose: v.optional(PurposeKind),
  }),
  /** Of a call that we placed: it rings there. */
  v.object({ type: v.literal('ringing') }),
  /** Of a call that we placed: who picked up, as far as can be told. May be put right once. */
  v.object({
    type: v.literal('answered-by'),
    who: AnsweredBy,
    /** What told it. */
    why: ShortText,
    /** From the first sound of a voice. */
    afterMs: DurationMs,
  }),
  /** Of a call that we placed: how it was met. The last one stands: who seemed to be a person may be a machine. */
  v.object({
    type: v.literal('disposition'),
    disposition: Disposition,
    /** What the telephone network said, as `486`. */
    status: v.optional(v.number()),
    /** Nobody should try again for so long. */
    retryAfterS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999_999))),
    /** Nothing was sent: it counts as no attempt. */
    dialled: v.optional(v.literal(false)),
  }),
  v.object({ type: v.literal('media-connected') }),
  /** Both sides are recorded from now on: the caller has been told. */
  v.object({ type: v.literal('recording-start') }),
  v.object({ type: v.literal('media-restarted'), cause: ShortText }),
  v.object({ type: v.literal('degraded'), component: ShortText, cause: ShortText }),
  /**
   * Something that is not to be kept was taken out of what the caller said before it was understood or written down, and
   * the recording is silent then.
   */
  v.object({
    type: v.literal('redacted'),
    kinds: v.pipe(v.array(RedactedKind), v.minLength(1), v.maxLength(10)),
    startMs: EpochMs,
    endMs: EpochMs,
  }),
  v.object({
    type: v.literal('caller-turn'),
    turn,
    text: Utterance,
    confidence: Confidence,
    alternatives: v.array(Hypothesis),
    typed: v.boolean(),
    startMs: EpochMs,
    endMs: EpochMs,
  }),
  v.object({
    type: v.literal('agent-turn'),
    turn,
    /** The act's name, as `ask` or `offer-slots`. */
    act: v.string(),
    /** What was to be said. */
    text: Utterance,
    /** What the caller heard of it. Shorter after a barge-in. */
    heardText: Utterance,
    interrupted: v.boolean(),
    startMs: EpochMs,
    endMs: EpochMs,
  }),
  v.object({ type: v.literal('decision'), record: DecisionRecord }),
  v.object({
    type: v.literal('turn-latency'),
    turn,
    stagesMs: TurnStages,
    /** From the packet to the visitor's ear, as the page measured: half a round trip and its jitter buffer. */
    playoutMs: v.optional(DurationMs),
    /** The caller's last sample to the first audible one; to the first packet where `playoutMs` is not known. */
    totalMs: DurationMs,
  }),
  /** How well the line carried a phone call, once, before its end. */
  v.object({
    type: v.literal('line-quality'),
    packetsReceived: v.pipe(v.number(), v.integer(), v.minValue(0)),
    packetsLost: v.pipe(v.number(), v.integer(), v.minValue(0)),
    jitterMs: DurationMs,
    /** Where the other side sends reports (RTCP). */
    roundTripMs: v.optional(DurationMs),
    /** Of the agent's packets: those that did not reach the other side, by its last report. */
    theirLossPct: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    /** The longest stretch without any sound from the other side: digital silence, or no packets at all. */
    soundlessMs: v.optional(DurationMs),
    /** How the voice travelled, at the end. */
    codec: v.optional(v.picklist(['opus', 'PCMU', 'PCMA'])),
    encrypted: v.optional(v.boolean()),
  }),
  v.object({ type: v.literal('lead'), lead: Lead }),
  v.object({ type: v.literal('appointment-booked'), appointmentId: Uuid, service: Slug, startMs: EpochMs }),
  v.object({
    type: v.literal('appointment-moved'),
    appointmentId: Uuid,
    service: Slug,
    fromMs: EpochMs,
    startMs: EpochMs,
  }),
  v.object({ type: v.literal('appointment-cancelled'), appointmentId: Uuid, service: Slug, startMs: EpochMs }),
  v.object({ type: v.literal('appointment-confirmed'), appointmentId: Uuid, service: Slug, startMs: EpochMs }),
  v.object({
    type: v.literal('transfer'),
    to: Owner,
    reason: ShortText,
    answer: v.picklist(['accepted', 'nobody-free', 'failed']),
  }),
  ...handoverFacts,
  v.object({
    type: v.literal('call-back-promised'),
    reason: ShortText,
    owner: v.optional(Owner),
    promisedForMs: v.optional(EpochMs),
  }),
  /** One entry for each task, engine and model. Several of these facts in a call add up. */
  v.object({ type: v.literal('usage'), used: v.pipe(v.array(EngineUsage), v.maxLength(20)) }),
  v.object({ type: v.literal('call-end'), reason: EndReason, outcome: OutcomeName }),
]);
export type CallFact = v.InferOutput<typeof CallFact>;

/** A fact in its place. `seq` counts from 0 without gaps in each call; (call, seq) is its identity. */
export const CallEvent = v.object({
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  atMs: EpochMs,
  fact: CallFact,
});
export type CallEvent = v.InferOutput<typeof CallEvent>;

/** `POST /v1/node/calls/:callId/events`. An empty list says that the call is alive. */
export const EventBatch = v.object({
  business: Slug,
  events: v.pipe(v.array(CallEvent), v.maxLength(200)),
});
export type EventBatch = v.InferOutput<typeof EventBatch>;

/** Every event below `nextSeq` is stored; send from there. */
export const EventAck = v.object({ nextSeq: v.pipe(v.number(), v.integer(), v.minValue(0)) });
export type EventAck = v.InferOutput<typeof EventAck>;
