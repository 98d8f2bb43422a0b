import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { seeded, shuffle } from '../../dialogue/learn/random.ts';
import type { Take } from './data.ts';
import { digitsOf, Ear, type Recognizers } from './ear.ts';
import type { LineKind } from './line.ts';
import { Mouth, withRoom, type Pacing } from './mouth.ts';
import { takeNumber, type Means } from './number-call.ts';
import type { SpokenWords } from './spoken-words.ts';

export interface Speaker {
  readonly name: string;
  readonly takes: ReadonlyMap<string, readonly Take[]>;
}

/** One thing said and what was made of it. */
export interface Trial {
  readonly speaker: string;
  readonly said: string;
  readonly heard: string;
}

const seed = 2026;

/** Every take on its own, in a random order: one call a speaker. */
export async function hearDigits(factory: Recognizers, speaker: Speaker, line: LineKind): Promise<Trial[]> {
  const random = seeded(seed);
  const ear = await Ear.open(factory, line);
  const trials: Trial[] = [];
  for (const { digit, samples } of shuffle([...speaker.takes.values()].flat(), random)) {
    const { text } = await ear.hear(withRoom([samples], random), { kind: 'digits', count: 1, except: [] });
    trials.push({ speaker: speaker.name, said: digit, heard: digitsOf(text) });
  }
  await ear.close();
  return trials;
}

/** Numbers of ten digits in one breath: one call a speaker. */
export async function hearNumbers(
  factory: Recognizers,
  speaker: Speaker,
  pacing: Pacing,
  count: number,
): Promise<Trial[]> {
  const random = seeded(seed + 1);
  const mouth = new Mouth(speaker.takes, random);
  const ear = await Ear.open(factory, 'flat');
  const trials: Trial[] = [];
  for (let index = 0; index < count; index += 1) {
    const said = randomNumber(random);
    const { text } = await ear.hear(withRoom([mouth.say(said, pacing)], random), {
      kind: 'digits',
      count: 10,
      except: ['0', '1'],
    });
    trials.push({ speaker: speaker.name, said, heard: digitsOf(text) });
  }
  await ear.close();
  return trials;
}

export interface Help {
  /** Every second call shows a number; of those, every second one is the wanted one. */
  readonly callerId: boolean;
  readonly keypad: boolean;
}

export interface NumberTrial {
  readonly speaker: string;
  readonly means: Means;
  readonly callerTurns: number;
}

/** The same numbers through the dialogue: a call each. */
export async function takeNumbers(
  factory: Recognizers,
  bundle: Bundle,
  words: SpokenWords,
  speaker: Speaker,
  { callerId, keypad }: Help,
  count: number,
): Promise<NumberTrial[]> {
  const random = seeded(seed + 1);
  const trials: NumberTrial[] = [];
  for (let index = 0; index < count; index += 1) {
    const number = randomNumber(random);
    const shown = callerId && index % 2 === 0 ? (index % 4 === 0 ? number : randomNumber(random)) : null;
    const ear = await Ear.open(factory, 'flat');
    const taken = await takeNumber({
      bundle,
      number,
      ...(shown === null ? {} : { callerNumber: `+1${shown}` }),
      keypad,
      mouth: new Mouth(speaker.takes, random),
      words,
      random,
      ear,
    });
    await ear.close();
    trials.push({ speaker: speaker.name, ...taken });
  }
  return trials;
}

/** As the North American Numbering Plan has them: area code and exchange start with 2 to 9. */
export function randomNumber(random: () => number): string {
  return Array.from({ length: 10 }, (_, index) => {
    const lowest = index === 0 || index === 3 ? 2 : 0;
    return String(lowest + Math.floor(random() * (10 - lowest)));
  }).join('');
}
