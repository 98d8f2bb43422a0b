import { expect, test } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ProviderFailure } from './provider-failure.ts';

function setUp() {
  const clock = { nowMs: 0 };
  return { clock, breaker: new CircuitBreaker(() => clock.nowMs) };
}

test('one failure is nothing, two in a row leave the engine alone for 15 s', () => {
  const { clock, breaker } = setUp();
  breaker.failed(new Error('500'));
  expect(breaker.tryPass()).toBe(true);
  breaker.failed(new Error('500'));
  expect(breaker.tryPass()).toBe(false);
  clock.nowMs = 14_999;
  expect(breaker.tryPass()).toBe(false);
});

test('after the pause one call tries; a success lets all pass again', () => {
  const { clock, breaker } = setUp();
  breaker.failed(new Error('500'));
  breaker.failed(new Error('500'));
  clock.nowMs = 15_000;
  expect([breaker.tryPass(), breaker.tryPass()]).toEqual([true, false]);
  breaker.succeeded();
  expect([breaker.tryPass(), breaker.tryPass()]).toEqual([true, true]);
});

test('a failed trial doubles the pause, up to four minutes', () => {
  const { clock, breaker } = setUp();
  breaker.failed(new Error('500'));
  for (const pauseMs of [15_000, 30_000, 60_000, 120_000, 240_000, 240_000]) {
    breaker.failed(new Error('500'));
    clock.nowMs += pauseMs - 1;
    expect(breaker.tryPass()).toBe(false);
    clock.nowMs += 1;
    expect(breaker.tryPass()).toBe(true);
  }
});

test('a trial that never reports back does not close the way for ever', () => {
  const { clock, breaker } = setUp();
  breaker.failed(new Error('500'));
  breaker.failed(new Error('500'));
  clock.nowMs = 15_000;
  expect(breaker.tryPass()).toBe(true);
  clock.nowMs += 10_000;
  expect(breaker.tryPass()).toBe(true);
});

test('an engine that names a time is asked again then, after its first refusal', () => {
  const { clock, breaker } = setUp();
  breaker.failed(new ProviderFailure('429', { retryAfterMs: 7_000 }));
  expect(breaker.tryPass()).toBe(false);
  clock.nowMs = 7_000;
  expect(breaker.tryPass()).toBe(true);
});
