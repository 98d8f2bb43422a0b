import { expect, test } from 'vitest';
import { openPair } from './open-pair.ts';

/** UDP gets 5001, 5002 and so on where any port will do; of TCP's ports these are in use. */
function setUp(takenTcp: readonly number[]) {
  const closed: number[] = [];
  let given = 5_000;
  const open = {
    udp: async (wanted: number) => {
      given += 1;
      const port = wanted === 0 ? given : wanted;
      return { port, close: () => void closed.push(port) };
    },
    tcp: async (port: number) => {
      if (takenTcp.includes(port)) throw new Error(`TCP ${port} is in use`);
      return { port };
    },
  };
  return { open, closed };
}

test('where any port will do, one is found that is free for both', async () => {
  const { open, closed } = setUp([5_001, 5_002]);
  const { udp, tcp } = await openPair(0, open);
  expect([udp.port, tcp.port]).toEqual([5_003, 5_003]);
  expect(closed).toEqual([5_001, 5_002]);
});

test('a port that was asked for is not exchanged for another', async () => {
  const { open, closed } = setUp([5_060]);
  await expect(openPair(5_060, open)).rejects.toThrow('TCP 5060 is in use');
  expect(closed).toEqual([5_060]);
});

test('it does not look for ever', async () => {
  const { open } = setUp(Array.from({ length: 1_000 }, (_, n) => 5_001 + n));
  await expect(openPair(0, open)).rejects.toThrow('is in use');
});
