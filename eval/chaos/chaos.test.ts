import { expect, test } from 'vitest';
import { runChaos } from './chaos.ts';

/**
 * Its control plane dies before anyone has said who they are, so nothing waits two minutes for a message that died with the
 * local queue; the long run has that too.
 */
const seed = 202;

test('calls while programs die and networks break: nothing is lost, there twice, or other than callers were told', async () => {
  const { report, findings } = await runChaos({
    calls: 14,
    seed,
    callsPerFault: 2,
    atOnce: 6,
    settleMs: 60_000,
    progress: () => undefined,
  });
  expect(findings).toEqual([]);
  expect(report).toEqual({ name: 'chaos', calls: 14, lost: 0, duplicated: 0, wrong: 0 });
});
