import type { Transform } from '../../server/provider/pocketsphinx/telephone-transform.ts';

/** Features are cepstra: 13 of them, however many streams. More than this is no transform of a speech model. */
const mostFeatures = 100;

/** What sphinxtrain's mllr_solve has written. Throws where it is not a transform with one class. */
export function parseTransform(text: string): Transform {
  const numbers = text.trim().split(/\s+/).map(Number);
  let at = 0;
  const take = (count: number): number[] => {
    const taken = numbers.slice(at, at + count);
    const bad = taken.findIndex((value) => !Number.isFinite(value));
    const good = bad === -1 ? taken.length : bad;
    if (good < count) throw new Error(`A transform must have a number at place ${at + good + 1}.`);
    at += count;
    return taken;
  };
  const size = (what: string): number => {
    const [value = 0] = take(1);
    if (!Number.isInteger(value) || value < 1 || value > mostFeatures)
      throw new Error(`The ${what} of a transform must be 1 to ${mostFeatures}: it is ${value}.`);
    return value;
  };
  const classes = size('number of classes');
  if (classes !== 1) throw new Error(`The transform must have one class: it has ${classes}.`);
  const streams = Array.from({ length: size('number of streams') }, () => {
    const features = size('number of features');
    const matrix = Array.from({ length: features }, () => take(features).map(rounded));
    const shift = take(features).map(rounded);
    if (take(features).some((scale) => scale !== 1))
      throw new Error('The transform must leave the variances as they are.');
    return { matrix, shift };
  });
  if (at < numbers.length) throw new Error(`The transform must end after ${at} numbers: it has ${numbers.length}.`);
  return { streams };
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
