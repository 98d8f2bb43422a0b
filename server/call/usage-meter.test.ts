import { expect, test } from 'vitest';
import { UsageMeter } from './usage-meter.ts';

test('what the same model did for the same task is added up, the rest stays apart', () => {
  const meter = new UsageMeter();
  meter.add({ task: 'recognition', engine: 'openai', model: 'a', requests: 1, audioMs: 1_200 });
  meter.add({ task: 'synthesis', engine: 'openai', model: 'b', requests: 1, characters: 40 });
  meter.add({ task: 'recognition', engine: 'openai', model: 'a', requests: 1, audioMs: 800, inputTokens: 3 });
  expect(meter.total).toEqual([
    { task: 'recognition', engine: 'openai', model: 'a', requests: 2, audioMs: 2_000, inputTokens: 3 },
    { task: 'synthesis', engine: 'openai', model: 'b', requests: 1, characters: 40 },
  ]);
});
