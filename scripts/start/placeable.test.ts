import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isPlaceable } from './placeable.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A media node that answers each health check with the next of these, and with the last one from then on. */
async function node(...answers: string[]): Promise<string> {
  let asked = 0;
  const listening = createServer((_, response) => {
    response.end(answers[Math.min(asked, answers.length - 1)]);
    asked += 1;
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

test('it is placeable once its fleet hears it', async () => {
  expect(await isPlaceable(await node('starting', '{"inFleet":false}', '{"inFleet":true}'), undefined)).toBe(true);
});

test('one that the fleet does not hear is not, once nobody waits for it any more', async () => {
  const ending = new AbortController();
  const answer = isPlaceable(await node('{"inFleet":false}'), ending.signal);
  ending.abort();
  expect(await answer).toBe(false);
});
