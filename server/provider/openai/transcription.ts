import type OpenAI from 'openai';
import { Stream } from 'openai/core/streaming';
import * as v from 'valibot';
import type { Transcript } from '../../agent/listen/recognizer.ts';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import { sampleRateHz } from '../../audio/frame.ts';
import { encodeWav } from '../../audio/wav.ts';
import { toFailure } from './client.ts';
import { LogProbs, toTranscript } from './transcript.ts';
import type { VocabularyHint } from './vocabulary.ts';

const Whole = v.object({ text: v.string(), logprobs: LogProbs });
const StreamEvent = v.variant('type', [
  v.object({ type: v.literal('transcript.text.delta') }),
  v.object({ type: v.literal('transcript.text.segment') }),
  v.object({ type: v.literal('transcript.text.done'), ...Whole.entries }),
]);

export interface TranscriptionOptions {
  readonly model: string;
  /** ISO 639-1, as `en`. */
  readonly language: string;
  readonly hint: VocabularyHint;
}

/**
 * `POST /audio/transcriptions`: a whole segment at once. Works with every compatible server; some answer with the
 * stream that is asked for, some with one JSON object.
 *
 * @param segment Int16 mono, 16,000 Hz.
 */
export async function transcribe(
  client: OpenAI,
  { model, language, hint }: TranscriptionOptions,
  segment: Int16Array,
  signal: AbortSignal | undefined,
): Promise<Transcript> {
  const wav = encodeWav({ sampleRateHz, pcm: segment });
  const file = new File([Uint8Array.from(wav)], 'segment.wav', { type: 'audio/wav' });
  const withLogProbs = model.startsWith('gpt-4o') && !model.includes('diarize');
  const request = {
    file,
    model,
    language,
    response_format: 'json' as const,
    stream: !model.startsWith('whisper'),
    ...hint,
    ...(withLogProbs ? { include: ['logprobs' as const] } : {}),
  };
  try {
    const response = await client.audio.transcriptions.create(request, { signal: signal ?? null }).asResponse();
    const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const { text, logprobs } = streamed ? await lastEvent(response) : v.parse(Whole, await response.json());
    return toTranscript(text, logprobs);
  } catch (error) {
    throw toFailure('Transcription', error);
  }
}

async function lastEvent(response: Response): Promise<v.InferOutput<typeof Whole>> {
  for await (const event of Stream.fromSSEResponse<unknown>(response, new AbortController())) {
    const known = v.parse(StreamEvent, event);
    if (known.type === 'transcript.text.done') return known;
  }
  throw new ProviderFailure('Transcription broke off before its end');
}
