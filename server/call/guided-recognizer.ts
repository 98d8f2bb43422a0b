import type { State } from '../../dialogue/state.ts';
import type { ExpectedReply, Recognizer } from '../agent/listen/recognizer.ts';

/** What the open question lets a caller say. */
export function expectedReply({ expecting }: Pick<State, 'expecting'>): ExpectedReply {
  const { kind, digits: count, exceptDigits: except = [] } = expecting;
  if (count === undefined) return { kind: 'open' };
  return kind === 'yes-no' ? { kind: 'confirm-digits', count } : { kind: 'digits', count, except };
}

/** The recogniser, told before each segment what to listen for. */
export function guided(recognizer: Recognizer, expects: () => ExpectedReply): Recognizer {
  let open = false;
  return {
    feed: (samples) => {
      if (!open) recognizer.expect?.(expects());
      open = true;
      recognizer.feed(samples);
    },
    partial: () => recognizer.partial(),
    finish: (signal) => {
      open = false;
      return recognizer.finish(signal);
    },
    discard: () => {
      open = false;
      return recognizer.discard();
    },
    close: () => recognizer.close(),
  };
}
