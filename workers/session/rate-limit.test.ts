import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientKey, decideRate } from './rate-limit.ts';

describe('decideRate', () => {
  it('allows a burst of the allowance, then says when the next one is due', () => {
    let fullAtMs: number | null = null;
    for (let n = 0; n < 3; n += 1) {
      const decision = decideRate(fullAtMs, 1_000_000, 3);
      expect(decision.allowed).toBe(true);
      fullAtMs = decision.fullAtMs;
    }
    expect(decideRate(fullAtMs, 1_000_000, 3)).toMatchObject({ allowed: false, retryAfterMs: 20_000 });
    expect(decideRate(fullAtMs, 1_020_000, 3).allowed).toBe(true);
  });

  it('never allows more than twice the allowance in a minute, and keeps its word on when to come back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 }),
        (perMinute, gapsMs) => {
          let fullAtMs: number | null = null;
          let nowMs = 1_000_000;
          const allowedAtMs: number[] = [];
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            const decision = decideRate(fullAtMs, nowMs, perMinute);
            if (decision.allowed) allowedAtMs.push(nowMs);
            else expect(decideRate(fullAtMs, nowMs + Math.ceil(decision.retryAfterMs), perMinute).allowed).toBe(true);
            fullAtMs = decision.fullAtMs;
          }
          for (const fromMs of allowedAtMs) {
            expect(allowedAtMs.filter((ms) => ms >= fromMs && ms < fromMs + 60_000).length).toBeLessThanOrEqual(
              2 * perMinute,
            );
          }
        },
      ),
    );
  });
});

describe('clientKey', () => {
  it('keeps an IPv4 address and the network of an IPv6 one', () => {
    expect(clientKey('203.0.113.7')).toBe('203.0.113.7');
    expect(clientKey('2001:DB8:0:1::5')).toBe('2001:db8:0:1::/64');
    expect(clientKey('2001:db8:0:1:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:0:1::/64');
    expect(clientKey('::1')).toBe('0:0:0:0::/64');
    expect(clientKey('2001:db8::')).toBe('2001:db8:0:0::/64');
  });
});
