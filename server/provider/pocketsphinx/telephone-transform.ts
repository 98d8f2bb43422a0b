import transform from './telephone-transform.json' with { type: 'json' };

/** How one stream of features (cepstra, their changes, the changes of those) moves the means of the model's sounds. */
interface StreamTransform {
  readonly matrix: readonly (readonly number[])[];
  readonly shift: readonly number[];
}

/** Maximum likelihood linear regression with one class: every mean becomes `matrix · mean + shift`. */
export interface Transform {
  readonly streams: readonly StreamTransform[];
}

/**
 * What a telephone and our repair of its band (`audio/band-extension.ts`) do to speech, as the recogniser's wideband
 * model has it. Learnt from synthesised speech: `npm run eval -- adaptation`.
 */
export const telephoneTransform: Transform = transform;

/** As sphinxtrain writes it and PocketSphinx reads it. Variances stay as they are. */
export function transformText({ streams }: Transform): string {
  const row = (values: readonly number[]): string => values.join(' ');
  const lines = streams.flatMap(({ matrix, shift }) => [
    String(shift.length),
    ...matrix.map(row),
    row(shift),
    row(shift.map(() => 1)),
  ]);
  return ['1', String(streams.length), ...lines, ''].join('\n');
}
