import { msToSamples, samplesToMs } from '../../audio/frame.ts';
import type { SpokenWord } from './synthesizer.ts';

/**
 * The part of a sentence that was heard: its words up to a place in the audio.
 *
 * @param text the sentence as it is shown.
 * @param words the sentence as it was spoken. "$350" is one word shown and five spoken, so places are matched by share.
 * @param heardMs how much of the sentence's audio the caller has heard.
 */
export function heardText(text: string, words: readonly SpokenWord[], heardMs: number): string {
  const heard = words.filter((word) => word.endSample <= msToSamples(heardMs)).length;
  if (heard >= words.length) return text;
  const shown = text.split(' ');
  return shown.slice(0, Math.floor((heard * shown.length) / words.length)).join(' ');
}

/** Where to go on after a false interruption: the start of the word that was cut, in ms of the sentence's audio. */
export function resumeFromMs(words: readonly SpokenWord[], heardMs: number): number {
  const cut = words.find((word) => word.endSample > msToSamples(heardMs));
  return cut ? samplesToMs(cut.startSample) : heardMs;
}
