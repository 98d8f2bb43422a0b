const minuteMs = 60_000;

export interface RateDecision {
  readonly allowed: boolean;
  /** To be kept until the next request: when the allowance will be whole again. */
  readonly fullAtMs: number;
  /** Until the next request is allowed. */
  readonly retryAfterMs: number;
}

/**
 * Generic cell rate algorithm (ITU-T I.371): `perMinute` requests at once, then one each
 * `60,000 / perMinute` ms. One number is all it keeps.
 */
export function decideRate(fullAtMs: number | null, nowMs: number, perMinute: number): RateDecision {
  const intervalMs = minuteMs / perMinute;
  const next = Math.max(fullAtMs ?? nowMs, nowMs) + intervalMs;
  const retryAfterMs = next - minuteMs - nowMs;
  // Half a millisecond of slack for the division above.
  return retryAfterMs > 0.5
    ? { allowed: false, fullAtMs: fullAtMs ?? nowMs, retryAfterMs }
    : { allowed: true, fullAtMs: next, retryAfterMs: 0 };
}

/** The part of an address that tells clients apart: one IPv6 customer owns at least a /64. */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const omitted = 8 - groups(head).length - groups(tail).length;
  const zeros = address.includes('::') ? Array.from({ length: Math.max(0, omitted) }, () => '0') : [];
  return `${[...groups(head), ...zeros, ...groups(tail)]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
