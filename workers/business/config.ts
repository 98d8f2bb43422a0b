import * as v from 'valibot';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';

/** An origin as browsers send it: scheme, host and port, without a path. */
const Origin = v.pipe(
  v.string(),
  v.maxLength(300),
  v.check(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'Write an origin such as https://example.com, without a path.',
  ),
);

const HttpUrl = v.pipe(v.string(), v.maxLength(2_000), v.url(), v.regex(/^https?:/, 'Write an http: or https: URL.'));

/** A Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. */
const WebhookSecret = v.pipe(
  v.string(),
  v.regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'Write whsec_ and 24 to 64 random bytes in base64.'),
);

const RatePerMinute = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

/** `PUT /v1/businesses/:business`. */
export const BusinessConfig = v.pipe(
  v.object({
    /** Pages that may call, each exactly as the browser sends it. */
    origins: v.pipe(v.array(Origin), v.maxLength(100)),
    crm: v.nullable(v.object({ url: HttpUrl, secret: WebhookSecret })),
    /** Sessions from one address. Default 10. Without effect where addresses cannot be known. */
    rateLimitPerMinute: v.optional(RatePerMinute, 10),
    /** Sessions from all addresses together. Default 60, or `rateLimitPerMinute` if that is more. */
    totalRateLimitPerMinute: v.optional(RatePerMinute),
  }),
  v.transform((config) => ({
    ...config,
    totalRateLimitPerMinute: config.totalRateLimitPerMinute ?? Math.max(60, config.rateLimitPerMinute),
  })),
);
export type BusinessConfig = v.InferOutput<typeof BusinessConfig>;

/** Gives a new business its settings: no page may call, no CRM is told. */
export function initialiseConfig(sql: SqlStorage, business: string): void {
  sql.exec(
    "INSERT OR IGNORE INTO config (id, business, origins, rate_limit_per_minute) VALUES (1, ?, '[]', 10)",
    business,
  );
}

/** The business's own id. */
export function businessId(sql: SqlStorage): string {
  return sql.exec<{ business: string }>('SELECT business FROM config').one().business;
}

interface ConfigRow extends Record<string, SqlStorageValue> {
  origins: string;
  crm_url: Stored | null;
  crm_secret: Stored | null;
  rate_limit_per_minute: number;
  total_rate_limit_per_minute: number;
}

export function readConfig(sql: SqlStorage): BusinessConfig {
  const row = sql
    .exec<ConfigRow>(
      'SELECT origins, crm_url, crm_secret, rate_limit_per_minute, total_rate_limit_per_minute FROM config',
    )
    .one();
  const origins: string[] = JSON.parse(row.origins);
  const url = open(sql, 'config.crm_url', { id: 1 }, row.crm_url);
  const secret = open(sql, 'config.crm_secret', { id: 1 }, row.crm_secret);
  return {
    origins,
    crm: url === null || secret === null ? null : { url, secret },
    rateLimitPerMinute: row.rate_limit_per_minute,
    totalRateLimitPerMinute: row.total_rate_limit_per_minute,
  };
}

export function writeConfig(sql: SqlStorage, config: BusinessConfig): void {
  sql.exec(
    `UPDATE config SET origins = ?, crm_url = ?, crm_secret = ?,
       rate_limit_per_minute = ?, total_rate_limit_per_minute = ?`,
    JSON.stringify(config.origins),
    seal(sql, 'config.crm_url', { id: 1 }, config.crm?.url ?? null),
    seal(sql, 'config.crm_secret', { id: 1 }, config.crm?.secret ?? null),
    config.rateLimitPerMinute,
    config.totalRateLimitPerMinute,
  );
}
