import { saidDigits } from '../said-values.ts';

/** Dictates a number in pieces, as the agent asks for them: a piece is given once the caller has agreed to it. */
export class DictatedNumber {
  private readonly national: string;
  private agreed = 0;

  constructor(phone: string) {
    this.national = phone.replace(/^\+1?/, '');
  }

  say(from: 'first' | 'next', count: number): string {
    if (from === 'first') this.agreed = 0;
    return saidDigits(this.national.slice(this.agreed, this.agreed + count), false, false);
  }

  /** Whether the digits that were read back are the right ones. */
  agreesTo(digits: string): boolean {
    const right = this.national.startsWith(digits, this.agreed);
    if (right) this.agreed += digits.length;
    return right;
  }
}
