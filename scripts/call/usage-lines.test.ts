import { expect, test } from 'vitest';
import { usageLines } from './usage-lines.ts';

test('each engine has a line with what it did, and its cost where that is known', () => {
  const language = { task: 'language' as const, engine: 'openai', model: 'gpt-5.4-mini', requests: 2 };
  const lines = usageLines([
    { seq: 0, atMs: 0, fact: { type: 'media-connected' } },
    {
      seq: 1,
      atMs: 0,
      fact: {
        type: 'usage',
        used: [
          { ...language, inputTokens: 1_830, outputTokens: 75, costUsd: 0.001_71 },
          { task: 'recognition', engine: 'openai', model: 'stt', requests: 1, audioMs: 12_340 },
        ],
      },
    },
  ]);
  expect(lines).toEqual([
    '  language     openai gpt-5.4-mini: 2 requests, 1830 tokens in, 75 tokens out, $0.0017',
    '  recognition  openai stt: 1 request, 12.3 s of sound',
  ]);
});
