/** A sound is above the floor by 6 dB. */
const aboveFloor = 4;
/** The floor rises by 3 dB a second at most, in frames of 20 ms; it falls at once. */
const rise = 2 ** (1 / 50);
const leastEnergy = 1;

/** How quiet a line is when nobody speaks. */
export class NoiseFloor {
  #energy = Number.POSITIVE_INFINITY;

  /** @param energy mean square of 20 ms. */
  isAbove(energy: number): boolean {
    this.#energy = Math.max(leastEnergy, Math.min(energy, this.#energy * rise));
    return energy > aboveFloor * this.#energy;
  }

  /** Root mean square; 0 before anything was heard. */
  get level(): number {
    return Number.isFinite(this.#energy) ? Math.sqrt(this.#energy) : 0;
  }
}
