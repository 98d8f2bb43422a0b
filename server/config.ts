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

/** The media node's environment. The README's configuration table says the same in words. */
const Environment = v.object({
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
});
export type Config = v.InferOutput<typeof Environment>;

/** Throws one error that names every variable at fault. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const result = v.safeParse(Environment, environment);
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'} ${issue.message}`);
  throw new Error(`Cannot start the media node: ${faults.join('; ')}`);
}
