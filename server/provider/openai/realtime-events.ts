import * as v from 'valibot';
import { LogProbs } from './transcript.ts';

const item = { item_id: v.string() };

/** What a transcription session sends that matters here. */
const Known = v.variant('type', [
  v.object({ type: v.literal('session.updated') }),
  v.object({ type: v.literal('input_audio_buffer.committed'), ...item }),
  v.object({
    type: v.literal('conversation.item.input_audio_transcription.delta'),
    ...item,
    delta: v.optional(v.string(), ''),
  }),
  v.object({
    type: v.literal('conversation.item.input_audio_transcription.completed'),
    ...item,
    transcript: v.string(),
    logprobs: LogProbs,
  }),
  v.object({
    type: v.literal('conversation.item.input_audio_transcription.failed'),
    ...item,
    error: v.looseObject({ message: v.optional(v.string()) }),
  }),
  v.object({ type: v.literal('error'), error: v.looseObject({ message: v.string() }) }),
]);
export type RealtimeEvent = v.InferOutput<typeof Known>;

const knownTypes = new Set(Known.options.map((option) => option.entries.type.literal as string));
const AnyEvent = v.looseObject({ type: v.string() });

/** Undefined: an event of another kind. Throws for what is no event, or one of these with fields missing. */
export function parseRealtimeEvent(text: string): RealtimeEvent | undefined {
  const event = v.parse(AnyEvent, JSON.parse(text));
  return knownTypes.has(event.type) ? v.parse(Known, event) : undefined;
}
