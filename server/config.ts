import * as v from 'valibot';

const port = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.regex(/^\d{1,5}$/, 'must be a port number'),
    v.transform(Number),
    v.maxValue(65_535, 'must be at most 65535'),
  );
const countFrom1 = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1'),
    v.transform(Number),
  );
const secret = v.pipe(v.optional(v.string(), ''), v.minLength(32, 'must be set, to at least 32 characters'));

const text = (fallback: string) => v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200, 'is too long')), fallback);
const speechEngine = v.optional(
  v.picklist(['embedded', 'sherpa', 'openai'], 'must be embedded, sherpa or openai'),
  'embedded',
);
const webAddress = v.pipe(
  v.string(),
  v.url('must be a URL'),
  v.regex(/^https?:/, 'must begin with http:// or https://'),
);

const Variables = v.object({
  PARLEY_NODE_NAME: v.optional(v.string(), 'local'),
  PARLEY_HOST: v.optional(v.string(), '127.0.0.1'),
  PARLEY_SIGNALING_PORT: port('8788'),
  PARLEY_RTC_PORT: port('44400'),
  PARLEY_ANNOUNCED_ADDRESS: v.optional(v.string(), '127.0.0.1'),
  PARLEY_CONTROL_URL: v.optional(v.pipe(v.string(), v.url('must be a URL')), 'http://127.0.0.1:8787'),
  PARLEY_NODE_KEY: secret,
  PARLEY_SESSION_KEY: secret,
  PARLEY_DATA_DIR: v.optional(v.string(), '.data/node'),
  PARLEY_MEDIA_WORKERS: countFrom1('1'),
  PARLEY_MAX_CALLS: countFrom1('50'),
  PARLEY_VOICE: v.optional(v.picklist(['slt', 'rms', 'awb'], 'must be slt, rms or awb'), 'slt'),
  PARLEY_LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
  /** Which engine leads. The embedded ones stand behind the others. */
  PARLEY_STT: speechEngine,
  PARLEY_TTS: speechEngine,
  PARLEY_LLM: v.optional(v.picklist(['none', 'openai'], 'must be none or openai'), 'none'),
  OPENAI_API_KEY: text(''),
  OPENAI_BASE_URL: v.optional(webAddress, 'https://api.openai.com/v1'),
  OPENAI_STT_MODEL: text('gpt-4o-mini-transcribe'),
  OPENAI_TTS_MODEL: text('gpt-4o-mini-tts'),
  OPENAI_TTS_VOICE: text('marin'),
  OPENAI_LLM_MODEL: text('gpt-5.4-mini'),
  SHERPA_STT_MODEL: text('zipformer-en-20m'),
  SHERPA_TTS_MODEL: text('piper-en-amy'),
});

const stages = ['PARLEY_STT', 'PARLEY_TTS', 'PARLEY_LLM'] as const;

/** The media node's environment. The README's configuration table says the same in words. */
const Environment = v.pipe(
  Variables,
  v.forward(
    v.partialCheck(
      [['PARLEY_STT'], ['PARLEY_TTS'], ['PARLEY_LLM'], ['OPENAI_API_KEY']],
      (variables) => variables.OPENAI_API_KEY !== '' || stages.every((stage) => variables[stage] !== 'openai'),
      ({ input }) => `must be set: ${stages.filter((stage) => input[stage] === 'openai').join(' and ')} is openai`,
    ),
    ['OPENAI_API_KEY'],
  ),
);
export type Config = v.InferOutput<typeof Environment>;

/** Throws one error that names every variable at fault. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const result = v.safeParse(Environment, environment);
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`);
  throw new Error(`Cannot start the media node: ${faults.join('; ')}`);
}
