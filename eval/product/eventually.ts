import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until there is an answer: for what another process does in its own time. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  options: { readonly timeoutMs: number; readonly what: string },
): Promise<T> {
  const endMs = Date.now() + options.timeoutMs;
  let failure: unknown;
  while (Date.now() < endMs) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (cause) {
      failure = cause;
    }
    await pause(100);
  }
  throw new Error(`Waited ${options.timeoutMs} ms for ${options.what}.`, { cause: failure });
}
