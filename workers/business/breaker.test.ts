import { describe, expect, it } from 'vitest';
import { afterFailure, failuresToOpen, healthy, mayGo, needsProbe, probing, type Health } from './breaker.ts';

const openMs = 60_000;
const fail = (health: Health, nowMs = 0, random = 1): Health =>
  afterFailure(health, nowMs, { retryAfterS: null, openMs, random: () => random });

function failing(times: number): Health {
  let health = healthy;
  for (let time = 0; time < times; time += 1) health = fail(health);
  return health;
}

describe('a destination', () => {
  it('is left alone from the fifth failure in a row on', () => {
    const last = failing(failuresToOpen - 1);
    expect(mayGo(last, 'a', 0)).toBe(true);
    const open = fail(last);
    expect(mayGo(open, 'a', openMs - 1)).toBe(false);
    expect(mayGo(open, 'a', openMs)).toBe(true);
  });

  it('is left alone for longer each time, up to sixteen times as long, half of it random', () => {
    const waits = Array.from({ length: 7 }, (_, more) => failing(failuresToOpen + more).waitUntilMs / openMs);
    expect(waits).toEqual([1, 2, 4, 8, 16, 16, 16]);
    expect(fail(failing(failuresToOpen - 1), 0, 0).waitUntilMs).toBe(openMs / 2);
  });

  it('is tried with one delivery first, and the others wait for how it fares', () => {
    const open = failing(failuresToOpen);
    expect(needsProbe(open)).toBe(true);
    const tried = probing(open, 'a', openMs + 120_000);
    expect(mayGo(tried, 'a', openMs)).toBe(true);
    expect(mayGo(tried, 'b', openMs)).toBe(false);
    expect(mayGo(tried, 'b', openMs + 120_000)).toBe(true);
    expect(needsProbe(healthy)).toBe(false);
  });

  it('is not held to be broken when it asks for time, and gets it', () => {
    const asked = afterFailure(failing(2), 1_000, { retryAfterS: 30, openMs, random: () => 1 });
    expect(asked).toEqual({ failures: 2, waitUntilMs: 31_000, probeId: null });
    expect(mayGo(asked, 'a', 30_999)).toBe(false);
  });
});
