import { describe, expect, it } from 'vitest';
import { afterFailure, failuresToOpen, healthy, mayGo, needsProbe, probing, type Health } from './breaker.ts';

const openMs = 60_000;
const fail = (health: Health, nowMs = 0, random = 1, id = 'a'): Health =>
  afterFailure(health, id, nowMs, { retryAfterS: null, openMs, random: () => random });

/** Each time as soon as it may be tried, the probe among them. */
function failing(times: number): Health {
  let health = healthy;
  for (let time = 0; time < times; time += 1) health = fail(health, health.waitUntilMs);
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
    const ends = Array.from({ length: 8 }, (_, more) => failing(failuresToOpen - 1 + more).waitUntilMs / openMs);
    expect(ends.slice(1).map((end, nth) => end - ends[nth]!)).toEqual([1, 2, 4, 8, 16, 16, 16]);
    expect(fail(failing(failuresToOpen - 1), 0, 0).waitUntilMs).toBe(openMs / 2);
  });

  it('is left alone no longer because more was under way when it failed', () => {
    const open = failing(failuresToOpen);
    expect(fail(open, openMs - 1, 1, 'b')).toEqual(open);
    const tried = probing(open, 'a', openMs + 120_000);
    expect(fail(tried, openMs + 1, 1, 'b')).toEqual(tried);
    expect(fail(tried, openMs + 1).waitUntilMs).toBe(openMs + 1 + 2 * openMs);
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
    const asked = afterFailure(failing(2), 'a', 1_000, { retryAfterS: 30, openMs, random: () => 1 });
    expect(asked).toEqual({ failures: 2, waitUntilMs: 31_000, probeId: null });
    expect(mayGo(asked, 'a', 30_999)).toBe(false);
  });

  it('gets an hour at most, whatever it asks for', () => {
    const year = { retryAfterS: 31_536_000, openMs, random: () => 1 };
    expect(afterFailure(healthy, 'a', 1_000, year)).toEqual({ failures: 0, waitUntilMs: 3_601_000, probeId: null });
  });
});
