/** Turns a score into a probability: 1 / (1 + e^-(slope · score + offset)). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export const probabilityOf = ({ slope, offset }: Calibration, score: number): number =>
  1 / (1 + Math.exp(-(slope * score + offset)));

const steps = 50;
/** Holds the slope finite where the scores part right from wrong completely. */
const ridge = 1e-3;

/** Platt's scaling, by Newton's method on the log loss. `right`: was the guess with this score right? */
export function calibrate(seen: readonly { readonly score: number; readonly right: boolean }[]): Calibration {
  let slope = 1;
  let offset = 0;
  const rights = seen.filter(({ right }) => right).length;
  // Platt's targets: never wholly sure.
  const high = (rights + 1) / (rights + 2);
  const low = 1 / (seen.length - rights + 2);
  for (let step = 0; step < steps; step++) {
    let [bySlope, byOffset, slopes, offsets, cross] = [ridge * slope, 0, ridge, ridge, 0];
    for (const { score, right } of seen) {
      const probability = probabilityOf({ slope, offset }, score);
      const error = probability - (right ? high : low);
      const curve = probability * (1 - probability);
      bySlope += error * score;
      byOffset += error;
      slopes += curve * score * score;
      offsets += curve;
      cross += curve * score;
    }
    const determinant = slopes * offsets - cross * cross;
    const slopeStep = clamp((offsets * bySlope - cross * byOffset) / determinant);
    const offsetStep = clamp((slopes * byOffset - cross * bySlope) / determinant);
    slope -= slopeStep;
    offset -= offsetStep;
    if (Math.abs(slopeStep) + Math.abs(offsetStep) < 1e-6) break;
  }
  return { slope, offset };
}

/** Newton's steps can leap from a flat place. */
const clamp = (step: number) => Math.max(-1, Math.min(1, step));
