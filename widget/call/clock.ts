/** Time as the call uses it. Passed in, so that a test decides when it passes. */
export interface Clock {
  nowMs(): number;
  /** Runs `task` once after `delayMs`. The answer cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const browserClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
