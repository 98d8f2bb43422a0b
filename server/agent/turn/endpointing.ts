/** Whether what was said so far answers the open question. The dialogue knows. */
export type Completeness = 'complete' | 'unknown' | 'unclear' | 'incomplete';

/** How long the caller must be silent before the turn is theirs no more, in ms after the last speech sample. */
export interface EndpointingDelays {
  /** After a complete answer to the open question. Default 200. */
  readonly completeMs: number;
  /** When it can't be told whether that was all. Default 500. */
  readonly unknownMs: number;
  /**
   * When nothing in it makes sense so far. Default 1,000: longer than `unknownMs`, as the rest may make sense of it and
   * the agent could only ask again.
   */
  readonly unclearMs: number;
  /** In the middle of dictation, or after "and", "it's", "um". Default 1,500. */
  readonly incompleteMs: number;
}

export const defaultDelays: EndpointingDelays = {
  completeMs: 200,
  unknownMs: 500,
  unclearMs: 1_000,
  incompleteMs: 1_500,
};

/** The second pass over a stretch of speech starts here, unless a complete answer started it earlier. */
export const finalizeAfterMs = 260;

/** A turn that goes on for longer is taken as it is. */
export const maxTurnMs = 45_000;

export function endpointDelayMs(completeness: Completeness, delays: EndpointingDelays = defaultDelays): number {
  switch (completeness) {
    case 'complete':
      return delays.completeMs;
    case 'unclear':
      return delays.unclearMs;
    case 'incomplete':
      return delays.incompleteMs;
    case 'unknown':
      return delays.unknownMs;
    default:
      return completeness satisfies never;
  }
}
