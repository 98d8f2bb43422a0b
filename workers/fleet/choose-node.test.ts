import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, chooseNode, loadOf } from './choose-node.ts';

const node = (name: string, change: Partial<Candidate> = {}): Candidate => ({
  name,
  state: 'up',
  capacity: 10,
  activeCalls: 0,
  region: undefined,
  placed: 0,
  warm: true,
  ...change,
});

describe('chooseNode', () => {
  it('takes the least loaded, counting what was placed and not reported yet', () => {
    const nodes = [
      node('a', { activeCalls: 3 }),
      node('b', { activeCalls: 1, placed: 1 }),
      node('c', { activeCalls: 4 }),
    ];
    expect(chooseNode(nodes, undefined)?.name).toBe('b');
  });

  it('bears some load for the caller’s continent, and a little for a loaded playbook', () => {
    const near = node('near', { region: 'eu', activeCalls: 4 });
    expect(chooseNode([node('far', { region: 'na' }), near], 'eu')?.name).toBe('near');
    expect(chooseNode([node('far', { region: 'na' }), { ...near, activeCalls: 6 }], 'eu')?.name).toBe('far');
    expect(chooseNode([node('cold', { warm: false }), node('warm', { activeCalls: 0.5 })], undefined)?.name).toBe(
      'warm',
    );
  });

  it('never takes a node that drains or is dead, nor a full one while another is free', () => {
    const state = fc.constantFrom<Candidate['state']>('up', 'draining', 'dead');
    const calls = fc.integer({ min: 0, max: 12 });
    const region = fc.constantFrom('eu' as const, 'na' as const, undefined);
    const candidate = fc.record({
      state,
      activeCalls: calls,
      placed: calls,
      capacity: fc.integer({ min: 0, max: 10 }),
      region,
      warm: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(candidate), region, (candidates, wanted) => {
        const nodes = candidates.map((each, index) => node(String(index), each));
        const chosen = chooseNode(nodes, wanted);
        const up = nodes.filter((each) => each.state === 'up');
        expect(chosen === null).toBe(up.length === 0);
        if (chosen === null) return;
        expect(chosen.state).toBe('up');
        if (up.some((each) => loadOf(each) < 1)) expect(loadOf(chosen)).toBeLessThan(1);
      }),
    );
  });
});
