const units: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const scales: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1_000,
  k: 1_000,
  grand: 1_000,
  million: 1_000_000,
};

export interface SpokenNumber {
  readonly value: number;
  /** First word and the word after the last. */
  readonly start: number;
  readonly end: number;
  /** A scale word was said: "thousand" makes money of "ten thousand". */
  readonly scaled: boolean;
}

export function isNumberWord(word: string): boolean {
  return word in units || word in tens || word in scales || /^\d+(?:\.\d+)?$/.test(word);
}

/** All numbers in a list of words: "twenty five hundred" 2,500; "2 thousand" 2,000; "a hundred and ten" 110. */
export function numbersIn(words: readonly string[]): SpokenNumber[] {
  const found: SpokenNumber[] = [];
  let index = 0;
  while (index < words.length) {
    const number = numberAt(words, index);
    if (number === null) index++;
    else {
      found.push(number);
      index = number.end;
    }
  }
  return found;
}

/** The number that starts at `start`, as long as it goes. */
export function numberAt(words: readonly string[], start: number): SpokenNumber | null {
  let total = 0;
  let part: number | null = null;
  let lastSmall: 'none' | 'unit' | 'ten' | 'scale' = 'none';
  let scaled = false;
  let partStart = start;
  let lastScale = Infinity;
  let index = start;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    const small = /^\d+(?:\.\d+)?$/.test(word) ? Number(word) : units[word];
    const ten = tens[word];
    const scale = scales[word];
    if (small !== undefined) {
      const joins = lastSmall === 'none' || lastSmall === 'scale' || (lastSmall === 'ten' && small >= 1 && small <= 9);
      if (!joins) break;
      if (part === null) partStart = index;
      part = (part ?? 0) + small;
      lastSmall = 'unit';
    } else if (ten !== undefined) {
      if (lastSmall === 'unit' || lastSmall === 'ten') break;
      if (part === null) partStart = index;
      part = (part ?? 0) + ten;
      lastSmall = 'ten';
    } else if (scale !== undefined) {
      if (part === null && total === 0) {
        if (word !== 'hundred' && word !== 'thousand') break;
        if (words[index - 1] !== 'a') break;
        part = 1;
      }
      if (scale > 100 && scale >= lastScale) {
        // "10k 12k" is two numbers.
        index = partStart;
        part = null;
        break;
      }
      scaled = true;
      if (scale === 100) part = (part ?? 1) * 100;
      else {
        total += (part ?? 1) * scale;
        part = null;
        lastScale = scale;
      }
      lastSmall = 'scale';
    } else if (word === 'and' && lastSmall === 'scale' && startsNumber(words[index + 1])) {
      continue;
    } else break;
  }
  if (part === null && total === 0) return null;
  while (words[index - 1] === 'and') index--;
  return { value: total + (part ?? 0), start, end: index, scaled };
}

function startsNumber(word: string | undefined): boolean {
  return word !== undefined && (word in tens || (word in units && word !== 'zero'));
}
