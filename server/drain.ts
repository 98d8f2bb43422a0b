/** A call that was placed just before may still be on its way: its page or its carrier connects within this. */
const quietMs = 5_000;
const lookEveryMs = 250;

/** Resolves when there have been no calls for a while, or after `maxMs`, whatever goes on then. */
export async function drained(activeCalls: () => number, maxMs: number): Promise<void> {
  if (maxMs === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  let waitedMs = 0;
  let quietForMs = 0;
  const timer = setInterval(() => {
    waitedMs += lookEveryMs;
    quietForMs = activeCalls() === 0 ? quietForMs + lookEveryMs : 0;
    if (quietForMs >= quietMs || waitedMs >= maxMs) resolve();
  }, lookEveryMs);
  await promise;
  clearInterval(timer);
}
