/** Per cent, to a hundredth. */
export const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;

/** Micro-averaged: counts of everything found, over all texts. */
export class F1 {
  private right = 0;
  private found = 0;
  private expected = 0;

  /** Both are sets of names, as "people 14-34". */
  add(found: Iterable<string>, expected: Iterable<string>): void {
    const wanted = new Set(expected);
    this.expected += wanted.size;
    for (const item of new Set(found)) {
      this.found++;
      if (wanted.has(item)) this.right++;
    }
  }

  get score(): number {
    return share(2 * this.right, this.found + this.expected);
  }
}
