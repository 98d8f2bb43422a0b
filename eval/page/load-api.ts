/** How the capacity bench drives a page of many callers. Free of DOM types. */
export interface LoadApi {
  /** Starts that many more calls and resolves when each has been greeted. */
  add(calls: number): Promise<void>;
  /** Turns measured since the last time this was asked. */
  takeTurns(): LoadTurn[];
  /** Calls that are up. */
  active(): number;
  /** What went wrong so far. */
  failures(): string[];
  stop(): void;
}

/** Caller's last audible sample to the agent's first one, both in the page. */
export interface LoadTurn {
  readonly callId: string;
  readonly atMs: number;
  readonly totalMs: number;
}

export interface LoadSetup {
  readonly workletSource: string;
  readonly controlUrl: string;
  readonly business: string;
  readonly consentVersion: string;
  /** What callers say, in turn. */
  readonly sentences: readonly { readonly base64: string; readonly audibleToMs: number }[];
}

declare global {
  var parleyLoad: LoadApi;
}
