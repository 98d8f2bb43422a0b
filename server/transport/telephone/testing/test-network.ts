import type { Flow } from '../transport/flow.ts';

/** For tests whose peers are reached by one way only. */
export const oneWay = {
  wayTo: (_: string, known: Flow): Flow => known,
  wayBackTo: (_: string, known: Flow): Flow => known,
};
