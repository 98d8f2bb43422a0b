/** Runs `work` over and over, so many at once, until the time is up. Resolves with how long each took, in ms. */
export async function closedLoop(
  concurrency: number,
  lengthMs: number,
  work: (nth: number) => Promise<void>,
): Promise<number[]> {
  const tookMs: number[] = [];
  const untilMs = performance.now() + lengthMs;
  let nth = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const startMs = performance.now();
      await work((nth += 1));
      tookMs.push(performance.now() - startMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return tookMs;
}

/**
 * Begins `work` so many times a second, whether or not what began before is done. A time counts from when its turn
 * was, so that a server that falls behind is seen to.
 */
export async function openLoop(perSecond: number, lengthMs: number, work: () => Promise<void>): Promise<number[]> {
  const tookMs: number[] = [];
  const startMs = performance.now();
  const running: Promise<void>[] = [];
  const count = Math.floor((perSecond * lengthMs) / 1_000);
  for (let nth = 0; nth < count; nth += 1) {
    const dueMs = startMs + (nth * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    // Timers are a millisecond late at best; that is not the server's doing.
    const fromMs = Math.max(dueMs, performance.now() - timerGrainMs);
    running.push(work().then(() => void tookMs.push(performance.now() - fromMs)));
  }
  await Promise.all(running);
  return tookMs;
}

const timerGrainMs = 2;
