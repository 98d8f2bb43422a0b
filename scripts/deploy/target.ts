import * as v from 'valibot';
import { unstable_readConfig } from 'wrangler';

export const environments = ['staging', 'production'] as const;
export type Environment = (typeof environments)[number];

/** What has to be there before a deployment can work. */
export interface Target {
  readonly environment: Environment;
  /** The Worker's name on Cloudflare. */
  readonly worker: string;
  /** Where it answers, without a slash at its end. */
  readonly publicUrl: string;
  readonly queues: readonly string[];
  readonly buckets: readonly string[];
}

/** Secrets without which the control plane refuses to work, and how to make one. */
export const requiredSecrets: Readonly<Record<string, string>> = {
  NODE_KEY: 'openssl rand -base64 32',
  STAFF_KEY: 'openssl rand -base64 32',
  SESSION_KEY: 'openssl rand -base64 48',
  MASTER_KEY: 'openssl rand -base64 32',
};

/** What we read of wrangler's own configuration. */
const Config = v.object({
  name: v.string(),
  vars: v.record(v.string(), v.unknown()),
  durable_objects: v.object({ bindings: v.array(v.object({ name: v.string(), class_name: v.string() })) }),
  migrations: v.array(v.unknown()),
  queues: v.object({
    producers: v.optional(v.array(v.object({ binding: v.string(), queue: v.string() })), []),
    consumers: v.optional(
      v.array(
        v.object({
          queue: v.string(),
          dead_letter_queue: v.optional(v.string()),
          max_batch_size: v.optional(v.number()),
          max_retries: v.optional(v.number()),
        }),
      ),
      [],
    ),
  }),
  r2_buckets: v.array(v.object({ binding: v.string(), bucket_name: v.optional(v.string()) })),
});
export type WranglerConfig = v.InferOutput<typeof Config>;

/** `wrangler.toml` as wrangler itself reads it: of an environment, or of a local start. */
export function readWranglerConfig(environment?: Environment): WranglerConfig {
  return v.parse(Config, unstable_readConfig({ config: 'wrangler.toml', env: environment }, { hideWarnings: true }));
}

export function readTarget(environment: Environment): Target {
  const { name, vars, queues, r2_buckets: buckets } = readWranglerConfig(environment);
  const named = [
    ...queues.producers.map(({ queue }) => queue),
    ...queues.consumers.flatMap(({ queue, dead_letter_queue: dead }) => [queue, ...(dead === undefined ? [] : [dead])]),
  ];
  const { PUBLIC_URL: url } = vars;
  return {
    environment,
    worker: name,
    publicUrl: typeof url === 'string' ? url.replace(/\/+$/, '') : '',
    queues: [...new Set(named)].sort(),
    buckets: buckets.flatMap(({ bucket_name: bucket }) => bucket ?? []).sort(),
  };
}
