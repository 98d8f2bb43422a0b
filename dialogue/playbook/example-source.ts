import * as v from 'valibot';

/** Ways callers say something, as templates. */
export const examples = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1))),
  v.minLength(1, 'Give at least one example of what callers say.'),
);
