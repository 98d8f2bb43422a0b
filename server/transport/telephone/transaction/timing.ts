/** Runs `work` once after `delayMs`, unless the returned function is called before. */
export type After = (delayMs: number, work: () => void) => () => void;

/** RFC 3261 §17.1.1.1: an estimate of the round trip, the longest pause between repetitions, and a message's life. */
export const t1Ms = 500;
export const t2Ms = 4_000;
export const t4Ms = 5_000;
/** Timers B, F, H, J, L, M. */
export const giveUpMs = 64 * t1Ms;

/** Repeats `work` after 1, 2, 4 … times T1, with pauses of at most T2, until the returned function is called. */
export function repeat(after: After, work: () => void, pauseMs = t1Ms): () => void {
  let cancel = after(pauseMs, () => {
    work();
    cancel = repeat(after, work, Math.min(2 * pauseMs, t2Ms));
  });
  return () => cancel();
}
