/**
 * A process with one model: `node engine-process.ts '{"kind":"recognition",…}'`, spoken to over Node's channel
 * (messages.ts). It is apart because recognition is computed on its main thread, and because the library ends the
 * process it is in when a model is damaged.
 */
import * as v from 'valibot';
import { loadSherpa, type OnlineRecognizer, type OnlineStream, type SherpaLibrary } from './library.ts';
import { type EngineAnswer, EngineRequest, EngineSettings } from './messages.ts';

/** The media plane's rate. */
const sampleRateHz = 16_000;
/** What the model wants to have heard before it says the last word: 0.5 s. */
const tailSamples = 8_000;

const Result = v.looseObject({ text: v.string(), ys_probs: v.optional(v.array(v.number()), []) });
const Sound = v.looseObject({ samples: v.instance(Float32Array), sampleRate: v.pipe(v.number(), v.integer()) });

type Handle = (request: EngineRequest) => Promise<EngineAnswer | undefined>;

const answer = (message: EngineAnswer): void => void process.send?.(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function start(): Promise<Handle> {
  const settings = v.parse(EngineSettings, JSON.parse(process.argv[2] ?? '{}'));
  const library = loadSherpa();
  return settings.kind === 'recognition' ? listener(library, settings) : speaker(library, settings);
}

function listener(library: SherpaLibrary, { encoder, decoder, joiner, tokens }: Settings<'recognition'>): Handle {
  const recognizer = new library.OnlineRecognizer({
    featConfig: { sampleRate: sampleRateHz, featureDim: 80 },
    modelConfig: { transducer: { encoder, decoder, joiner }, tokens, numThreads: 1, provider: 'cpu' },
    decodingMethod: 'greedy_search',
    // Ours decides when a turn is over.
    enableEndpoint: 0,
  });
  const streams = new Map<number, OnlineStream>();
  const hear = (stream: OnlineStream, samples: Float32Array): void => {
    stream.acceptWaveform({ samples, sampleRate: sampleRateHz });
    decodeAll(recognizer, stream);
  };
  return async (request) => {
    if (request.do === 'speak') throw new Error('This process listens');
    const stream = streams.get(request.stream);
    switch (request.do) {
      case 'feed': {
        const open = stream ?? recognizer.createStream();
        streams.set(request.stream, open);
        hear(
          open,
          Float32Array.from(request.samples, (sample) => sample / 32_768),
        );
        return undefined;
      }
      case 'discard':
        streams.delete(request.stream);
        return undefined;
      case 'partial':
        return textOf(request.id, stream && recognizer.getResult(stream));
      case 'finish':
        streams.delete(request.stream);
        if (stream) {
          hear(stream, new Float32Array(tailSamples));
          stream.inputFinished();
          decodeAll(recognizer, stream);
        }
        return textOf(request.id, stream && recognizer.getResult(stream));
      default:
        return request satisfies never;
    }
  };
}

async function speaker(library: SherpaLibrary, { model, tokens, phonemes }: Settings<'synthesis'>): Promise<Handle> {
  const tts = await library.OfflineTts.createAsync({
    model: { vits: { model, tokens, dataDir: phonemes }, numThreads: 1, provider: 'cpu' },
    maxNumSentences: 1,
  });
  return async (request) => {
    if (request.do !== 'speak') throw new Error('This process speaks');
    const sound = v.parse(Sound, await tts.generateAsync({ text: request.text, sid: 0, speed: 1 }));
    const samples = Int16Array.from(sound.samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
    return { type: 'sound', id: request.id, samples, sampleRateHz: sound.sampleRate };
  };
}

type Settings<K extends EngineSettings['kind']> = Extract<EngineSettings, { kind: K }>;

function decodeAll(recognizer: OnlineRecognizer, stream: OnlineStream): void {
  while (recognizer.isReady(stream)) recognizer.decode(stream);
}

/** The English models write in capitals. */
function textOf(id: number, result: unknown): EngineAnswer {
  if (result === undefined) return { type: 'text', id, text: '', logProbs: [] };
  const { text, ys_probs } = v.parse(Result, result);
  return { type: 'text', id, text: text.trim().toLowerCase(), logProbs: ys_probs };
}

// The media node is gone.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the media node ends its calls first, then this.
process.on('SIGINT', () => undefined);

try {
  const handle = await start();
  process.on('message', (message) => {
    const request = v.parse(EngineRequest, message);
    handle(request).then(
      (reply) => reply && answer(reply),
      (error: unknown) =>
        answer({ type: 'failed', id: 'id' in request ? request.id : undefined, message: messageOf(error) }),
    );
  });
  answer({ type: 'ready' });
} catch (error) {
  answer({ type: 'failed', message: messageOf(error) });
}
