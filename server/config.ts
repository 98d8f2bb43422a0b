import { isIP } from 'node:net';
import * as v from 'valibot';
import { Region } from '../contract/fleet.ts';
import { Slug } from '../contract/primitives.ts';
import { Trunk } from './transport/telephone/auth/trunk.ts';

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
const json = v.rawTransform<string, unknown>(({ dataset, addIssue, NEVER }) => {
  try {
    const value: unknown = JSON.parse(dataset.value);
    return value;
  } catch {
    addIssue({ message: 'must be JSON' });
    return NEVER;
  }
});
const portRange = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}-\d{1,5}$/, 'must be two ports, as 40000-40399'),
  v.transform((text) => {
    const [from = 0, to = 0] = text.split('-').map(Number);
    return { from, to };
  }),
  v.check(({ from, to }) => from >= 1_024 && to <= 65_535 && to - from >= 1, 'must go up, from 1024 to 65535 at most'),
);
/** What somebody can dial: `+` and digits, or the extension of a telephone system. */
const dialled = v.pipe(v.string(), v.regex(/^\+?[A-Za-z0-9._-]{1,64}$/, 'must have numbers as +17205550100'));

const secret = v.pipe(v.optional(v.string(), ''), v.minLength(32, 'must be set, to at least 32 characters'));

const text = (fallback: string) => v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200, 'is too long')), fallback);
const speechEngine = v.optional(
  v.picklist(['embedded', 'sherpa', 'openai'], 'must be embedded, sherpa or openai'),
  'embedded',
);
const price = v.optional(
  v.pipe(v.string(), v.regex(/^\d{1,5}(?:\.\d{1,6})?$/, 'must be a price in US dollars, as 0.75'), v.transform(Number)),
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
  /** Where pages reach the signaling port, if not at the announced address: behind a proxy. */
  PARLEY_SIGNALING_URL: v.optional(
    v.pipe(v.string(), v.url('must be a URL'), v.regex(/^wss?:/, 'must begin with wss://')),
  ),
  PARLEY_RTC_PORT: port('44400'),
  PARLEY_ANNOUNCED_ADDRESS: v.optional(v.string(), '127.0.0.1'),
  PARLEY_CONTROL_URL: v.optional(v.pipe(v.string(), v.url('must be a URL')), 'http://127.0.0.1:8787'),
  PARLEY_NODE_KEY: secret,
  PARLEY_SESSION_KEY: secret,
  PARLEY_DATA_DIR: v.optional(v.string(), '.data/node'),
  PARLEY_MEDIA_WORKERS: countFrom1('1'),
  PARLEY_MAX_CALLS: countFrom1('50'),
  /** How long a call may last in which somebody of the business talks to the caller. */
  PARLEY_MAX_JOINED_MINUTES: countFrom1('240'),
  /** The continent it is on: callers from there are placed here first. */
  PARLEY_NODE_REGION: v.optional(Region),
  /** After SIGTERM it takes no more calls, and those that are up may go on for so long. */
  PARLEY_DRAIN_SECONDS: v.pipe(
    v.optional(v.string(), '1800'),
    v.regex(/^\d{1,5}$/, 'must be whole seconds'),
    v.transform(Number),
  ),
  PARLEY_VOICE: v.optional(v.picklist(['slt', 'rms', 'awb'], 'must be slt, rms or awb'), 'slt'),
  /** Without it there is no telephone. */
  PARLEY_SIP_PORT: v.optional(port('0')),
  /** For SIP over TLS: its port, and files with the certificate (the whole chain) and its key, in PEM. */
  PARLEY_SIP_TLS_PORT: v.optional(port('0')),
  PARLEY_SIP_TLS_CERT: text(''),
  PARLEY_SIP_TLS_KEY: text(''),
  /** Authorities whose certificates trunks may have, beside the usual ones: a file in PEM. */
  PARLEY_SIP_TLS_CA: text(''),
  /** Who may bring calls, and through whom we may call: a JSON list of {"name", "addresses", "login", "address" …}. */
  PARLEY_SIP_TRUNKS: v.optional(v.pipe(v.string(), json, v.array(Trunk, 'must be a list of trunks')), '[]'),
  /** Whose numbers they are: JSON, as {"+17205550100": "ridgeline-roofing"}. */
  PARLEY_PHONE_NUMBERS: v.optional(
    v.pipe(v.string(), json, v.record(dialled, Slug, 'must map numbers to businesses')),
    '{}',
  ),
  /** Of numbers that come without one. */
  PARLEY_PHONE_COUNTRY_CODE: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/, 'must be digits, as 1')), '1'),
  /** Calls that are placed for one business: at the same time, and on one day (UTC). */
  PARLEY_CALLS_OUT: countFrom1('5'),
  PARLEY_CALLS_OUT_A_DAY: countFrom1('200'),
  /** UDP: two for each phone call. */
  PARLEY_RTP_PORTS: v.optional(portRange, '40000-40399'),
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
  /** Where npm run models puts local neural models. */
  PARLEY_MODELS_DIR: text('.data/models'),
  /** US dollars for a million tokens. */
  OPENAI_LLM_INPUT_USD: price,
  OPENAI_LLM_OUTPUT_USD: price,
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

const TrunkVariables = v.pick(Variables, [
  'PARLEY_SIP_TRUNKS',
  'PARLEY_SIP_TLS_CA',
  'PARLEY_ANNOUNCED_ADDRESS',
  'PARLEY_RTP_PORTS',
]);

/** What a look at the trunks needs of it. Throws one error that names every variable at fault. */
export function readTrunkSettings(
  environment: Readonly<Record<string, string | undefined>>,
): v.InferOutput<typeof TrunkVariables> {
  const result = v.safeParse(TrunkVariables, environment);
  if (result.success) return result.output;
  throw new Error(`Cannot read the trunks: ${faultsOf(result.issues).join('; ')}`);
}

/** Throws one error that names every variable at fault. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const result = v.safeParse(Environment, environment);
  if (result.success) return checkTelephone(result.output);
  throw new Error(`Cannot start the media node: ${faultsOf(result.issues).join('; ')}`);
}

function faultsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`);
}

/** What a telephone needs beyond each setting by itself. */
function checkTelephone(config: Config): Config {
  if (config.PARLEY_SIP_PORT === undefined) return config;
  const faults = [
    ...(isIP(config.PARLEY_ANNOUNCED_ADDRESS) ? [] : ['PARLEY_ANNOUNCED_ADDRESS must be an IP address for telephones']),
    ...(config.PARLEY_SIP_TRUNKS.length > 0 ? [] : ['PARLEY_SIP_TRUNKS must name at least one trunk']),
    ...(Object.keys(config.PARLEY_PHONE_NUMBERS).length > 0 ? [] : ['PARLEY_PHONE_NUMBERS must have a number']),
  ];
  if (config.PARLEY_SIP_TLS_PORT !== undefined && !(config.PARLEY_SIP_TLS_CERT && config.PARLEY_SIP_TLS_KEY)) {
    faults.push('PARLEY_SIP_TLS_CERT and PARLEY_SIP_TLS_KEY must name the files for PARLEY_SIP_TLS_PORT');
  }
  if (faults.length === 0) return config;
  throw new Error(`Cannot start the media node with PARLEY_SIP_PORT: ${faults.join('; ')}`);
}
