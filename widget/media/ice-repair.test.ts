import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { IceRepair } from './ice-repair.ts';

function setUp() {
  const clock = new ManualClock();
  const told: string[] = [];
  const repair = new IceRepair(
    clock,
    (direction) => told.push(direction),
    () => told.push('unanswered'),
  );
  return { clock, told, repair };
}

describe('IceRepair', () => {
  it('asks once, however often the transport complains', () => {
    const { told, repair } = setUp();
    repair.start('send');
    repair.start('send');
    expect(told).toEqual(['send']);
  });

  it('repairs each direction on its own', () => {
    const { clock, told, repair } = setUp();
    repair.start('send');
    repair.start('receive');
    repair.connected('send');
    repair.answered('receive');
    clock.advance(3_000);
    expect(told).toEqual(['send', 'receive', 'receive']);
  });

  it('asks again every 3 s until connected, and then no more', () => {
    const { clock, told, repair } = setUp();
    repair.start('send');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      repair.answered('send');
      clock.advance(3_000);
    }
    expect(told).toEqual(['send', 'send', 'send', 'send']);
    repair.connected('send');
    clock.advance(60_000);
    expect(told).toHaveLength(4);
  });

  it('reports a node that does not answer over signaling', () => {
    const { clock, told, repair } = setUp();
    repair.start('send');
    clock.advance(3_000);
    expect(told).toEqual(['send', 'unanswered', 'send']);
  });

  it('is silent after a reset', () => {
    const { clock, told, repair } = setUp();
    repair.start('send');
    repair.reset();
    clock.advance(60_000);
    expect(told).toEqual(['send']);
  });
});
