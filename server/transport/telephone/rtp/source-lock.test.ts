import { expect, test } from 'vitest';
import { SourceLock } from './source-lock.ts';

const caller = { address: '203.0.113.5', port: 4_000, ssrc: 1 };
const stranger = { address: '198.51.100.1', port: 9_999, ssrc: 2 };

/** How many of `count` packets, 20 ms apart, are accepted. */
function accepted(lock: SourceLock, from: typeof caller, count: number, startMs = 0): number {
  let taken = 0;
  for (let n = 0; n < count; n += 1) if (lock.accepts(from, startMs + 20 * n)) taken += 1;
  return taken;
}

function locked(): SourceLock {
  const lock = new SourceLock();
  lock.expect(caller.address);
  lock.accepts(caller, 0);
  return lock;
}

test('the described address is taken at once, from whatever port', () => {
  const lock = new SourceLock();
  lock.expect(caller.address);
  expect(lock.accepts({ ...caller, port: 61_234 }, 0)).toBe(true);
  expect(lock.source).toMatchObject({ port: 61_234 });
});

test('another address, as from behind a NAT, is taken after it has gone on for 100 ms', () => {
  const lock = new SourceLock();
  lock.expect('10.0.0.7');
  expect(accepted(lock, caller, 10)).toBe(5);
});

test('packets that come all at once prove nothing', () => {
  const lock = new SourceLock();
  lock.expect(caller.address);
  for (let n = 0; n < 50; n += 1) expect(lock.accepts(stranger, 0)).toBe(false);
  expect(lock.accepts(caller, 20)).toBe(true);
});

test('whoever was there before the caller has to go as soon as the described address is heard', () => {
  const lock = new SourceLock();
  lock.expect(caller.address);
  expect(accepted(lock, stranger, 50)).toBeGreaterThan(0);
  expect(lock.accepts(caller, 1_000)).toBe(true);
  expect(lock.source).toMatchObject(caller);
  expect(accepted(lock, stranger, 50, 1_001)).toBe(0);
});

test('while the caller is heard nobody else is, however much they send', () => {
  const lock = locked();
  for (let n = 0; n < 500; n += 1) {
    expect(lock.accepts(caller, 20 * n)).toBe(true);
    expect(lock.accepts(stranger, 20 * n + 10)).toBe(false);
  }
});

test('the same stream from a new address is heard again within 600 ms; another one only after 2 s', () => {
  const moved = { ...caller, address: '203.0.113.99' };
  expect(accepted(locked(), moved, 35, 20)).toBeGreaterThan(0);
  expect(accepted(locked(), stranger, 95, 20)).toBe(0);
  expect(accepted(locked(), stranger, 110, 20)).toBeGreaterThan(0);
});

test('a new description opens the lock; the same one does not', () => {
  const lock = locked();
  lock.expect(caller.address);
  expect(lock.accepts({ ...stranger, address: '192.0.2.1' }, 20)).toBe(false);
  lock.expect('192.0.2.1');
  expect(lock.accepts({ ...stranger, address: '192.0.2.1' }, 40)).toBe(true);
});
