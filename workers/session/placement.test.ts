import { describe, expect, it } from 'vitest';
import { nextInTurn } from './placement.ts';

const nodes = ['north', 'south', 'west'].map((name) => ({ name, signalingUrl: `ws://${name}.test/v1/signaling` }));

describe('nextInTurn', () => {
  it('takes the first node before any has had a call', () => {
    expect(nextInTurn(nodes, new Map())?.name).toBe('north');
    expect(nextInTurn([], new Map())).toBeNull();
  });

  it('takes a node without calls, then the one whose last call is longest ago', () => {
    expect(nextInTurn(nodes, new Map([['north', 5]]))?.name).toBe('south');
    expect(
      nextInTurn(
        nodes,
        new Map([
          ['north', 5],
          ['south', 3],
          ['west', 9],
        ]),
      )?.name,
    ).toBe('south');
  });
});
