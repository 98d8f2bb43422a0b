import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { FlushGate } from './flush-gate.ts';

function setUp() {
  const clock = new ManualClock();
  const world = { clock, silent: false, gate: new FlushGate(clock, (silent) => (world.silent = silent)) };
  return world;
}

/** Lets time pass in steps of 1 ms until the voice can be heard; the answer is how long that took. */
function silentForMs(world: ReturnType<typeof setUp>): number {
  let ms = 0;
  while (world.silent && ms < 1_000) {
    world.clock.advance(1);
    ms += 1;
  }
  return ms;
}

describe('FlushGate', () => {
  it('silences at once and opens after 250 ms', () => {
    const world = setUp();
    world.gate.flush();
    expect(world.silent).toBe(true);
    expect(silentForMs(world)).toBe(250);
  });

  it.each([
    [0, 120],
    [50, 120],
    [119, 120],
    [180, 180],
    [249, 249],
  ])('opens for speech that begins after %i ms at %i ms', (speaksAtMs, opensAtMs) => {
    const world = setUp();
    world.gate.flush();
    world.clock.advance(speaksAtMs);
    world.gate.agentSpeaks();
    expect(speaksAtMs + silentForMs(world)).toBe(opensAtMs);
  });

  it('starts over with a second flush', () => {
    const world = setUp();
    world.gate.flush();
    world.clock.advance(200);
    world.gate.flush();
    expect(silentForMs(world)).toBe(250);
  });

  it('does nothing for speech without a flush before it', () => {
    const world = setUp();
    world.gate.agentSpeaks();
    world.clock.advance(1_000);
    expect(world.silent).toBe(false);
  });
});
