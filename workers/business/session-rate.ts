import { fail, succeed, type Answer } from '../answer.ts';
import { indexed } from '../privacy/vault.ts';
import { clientKey, decideRate } from '../session/rate-limit.ts';
import type { BusinessConfig } from './config.ts';

type Limits = Pick<BusinessConfig, 'rateLimitPerMinute' | 'totalRateLimitPerMinute'>;

/**
 * Counts a session against the allowance of its client's address, where that is known, and against
 * that of all clients together. What one refuses is counted by neither, so an address that has had
 * its share takes nothing from the others.
 */
export function admitSession(
  sql: SqlStorage,
  clientAddress: string | null,
  { rateLimitPerMinute, totalRateLimitPerMinute }: Limits,
  nowMs: number,
): Answer<null> {
  sql.exec('DELETE FROM rate_limits WHERE full_at_ms <= ?', nowMs);
  const everyone = {
    client: 'everyone',
    perMinute: totalRateLimitPerMinute,
    message: 'Too many calls to this business were started.',
  };
  const allowances = [everyone];
  if (clientAddress !== null) {
    allowances.unshift({
      client: indexed(sql, clientKey(clientAddress)),
      perMinute: rateLimitPerMinute,
      message: 'Too many calls were started from this address.',
    });
  }
  const decisions = allowances.map(({ client, perMinute, message }) => {
    const [row] = sql
      .exec<{ full_at_ms: number }>('SELECT full_at_ms FROM rate_limits WHERE client = ?', client)
      .toArray();
    return { client, message, ...decideRate(row?.full_at_ms ?? null, nowMs, perMinute) };
  });
  const refusal = decisions.find(({ allowed }) => !allowed);
  if (refusal !== undefined) {
    const retryAfterS = Math.max(1, Math.ceil(refusal.retryAfterMs / 1_000));
    return fail({
      status: 429,
      code: 'rate-limited',
      message: refusal.message,
      action: `Try again in ${retryAfterS} seconds.`,
      retryAfterS,
    });
  }
  for (const { client, fullAtMs } of decisions) {
    sql.exec('INSERT OR REPLACE INTO rate_limits (client, full_at_ms) VALUES (?, ?)', client, fullAtMs);
  }
  return succeed(null);
}
