/** How Node drives the caller inside a page. Free of DOM types: both sides compile it. */
export interface CallerApi {
  /** Samples: see `base64.ts`. Resolves when the last one has left. */
  say(base64: string): Promise<{ startMs: number; endMs: number }>;
  stopSaying(): Promise<void>;
  /** From now on these samples can be heard around the caller, over and over. */
  surround(base64: string): Promise<void>;
  /** Until the agent has answered what was said last, listens, and has been silent for `silenceMs`. */
  waitForAgentTurn(silenceMs: number, timeoutMs: number): Promise<{ onsetMs: number; lastAudibleMs: number }>;
  /** In a typed call: until the agent has written since the page last did, and listens. */
  waitForAgentWords(timeoutMs: number): Promise<void>;
  /** First audible moment of the agent at or after `fromMs`. */
  waitForAgentOnset(fromMs: number, timeoutMs: number): Promise<number>;
  /** Last audible moment after `fromMs` that `silenceMs` of silence follow. */
  waitForSilence(fromMs: number, silenceMs: number, timeoutMs: number): Promise<number>;
  /** Last audible moment of the agent in a span of time; null when it was silent. */
  lastAudibleBetween(fromMs: number, toMs: number): Promise<number | null>;
  /** What was heard in a span of time, 48 kHz. */
  recording(fromMs: number, toMs: number): Promise<string>;
  messages(from: number): TappedMessage[];
  countMessages(type: string, sender: 'page' | 'node'): number;
  /** Finished lines with words in them. */
  countFinalCaptions(who: string): number;
  agentState(): string;
  /** Sends a text over the page's newest signaling socket, valid or not. */
  sendRaw(text: string): void;
}

/** A signaling message of the page, as it came or went. */
export interface TappedMessage {
  readonly atMs: number;
  readonly from: 'page' | 'node';
  readonly message: unknown;
}

declare global {
  var parleyCaller: CallerApi;
}
