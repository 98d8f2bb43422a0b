import { seeded } from '../../dialogue/learn/random.ts';
import type { CallerVoice } from '../speech/caller-voice.ts';
import {
  backchannels,
  completeAnswers,
  firstNames,
  interruptions,
  lastNames,
  linesBefore,
  longAnswers,
  type OpenQuestion,
  pausedUtterances,
} from './case-texts.ts';
import type { CasePart, Noise, TurnCase } from './turn-case.ts';

const digits = ['oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const areaCodes = ['three oh three', 'seven two oh', 'nine seven oh', 'five oh five'];
const noises: readonly Noise[] = ['cough', 'knock', 'hiss', 'babble'];

/** Draws of one seed. */
class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  between(low: number, high: number): number {
    return Math.round(low + this.#random() * (high - low));
  }

  of<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('There is nothing to draw from');
    return item;
  }
}

/** All cases of a seed: the same list of situations, with names, numbers, pauses, moments, levels and voices drawn. */
export function casesOf(seed: number, voice?: CallerVoice): TurnCase[] {
  const draw = new Draw(seed);
  const common = () => ({ voice: voice ?? draw.of(['rms', 'awb'] as const), roomDbfs: draw.between(-75, -55) });
  const cases: Omit<TurnCase, 'id'>[] = [];

  for (const [question, answers] of Object.entries(completeAnswers) as [OpenQuestion, readonly string[]][])
    for (const answer of answers) {
      const parts = partsOf(filled(answer, draw), draw);
      cases.push({ kind: 'complete', about: question, ...common(), before: linesBefore(question), parts });
    }

  for (let round = 0; round < 2; round++)
    for (const { about, at, say } of pausedUtterances) {
      const parts = partsOf(filled(say, draw), draw);
      cases.push({ kind: 'pause', about, ...common(), before: linesBefore(at), parts });
    }

  const over = () => ({ asked: draw.of(longAnswers), afterMs: draw.between(300, 3_500) });
  for (let round = 0; round < 4; round++)
    for (const say of backchannels) {
      const parts = [{ say }];
      cases.push({ kind: 'backchannel', about: say, ...common(), before: linesBefore('size'), over: over(), parts });
    }

  for (let round = 0; round < 6; round++)
    for (const noise of noises) {
      const lengthMs = noise === 'babble' ? draw.between(1_500, 3_000) : draw.between(80, 400);
      const levelDbfs = noise === 'babble' ? draw.between(-45, -35) : draw.between(-30, -18);
      const parts = [{ noise, lengthMs, levelDbfs }];
      cases.push({ kind: 'noise', about: noise, ...common(), before: linesBefore('size'), over: over(), parts });
    }

  for (let round = 0; round < 2; round++)
    for (const say of interruptions) {
      const parts = [{ say }];
      cases.push({ kind: 'interruption', about: say, ...common(), before: linesBefore('size'), over: over(), parts });
    }

  return cases.map((one, index) => ({ id: `${one.kind}-${index + 1}`, ...one }));
}

/** "|" becomes a pause of 300 to 1,200 ms. */
function partsOf(text: string, draw: Draw): CasePart[] {
  return text
    .split('|')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .flatMap((say, index) => (index === 0 ? [{ say }] : [{ pauseMs: draw.between(300, 1_200) }, { say }]));
}

function filled(template: string, draw: Draw): string {
  const [first, last] = [draw.of(firstNames), draw.of(lastNames)];
  const spell = (word: string): string[] => [...word].map((letter) => letter.toUpperCase());
  const local = `${first} dot ${last}`;
  const values: Readonly<Record<string, string>> = {
    first,
    last,
    name: `${first} ${last}`,
    lastSpelled: spell(last).join(' '),
    local,
    email: `${local} at gmail dot com`,
    'spelled|': `${spell(first).join(' ')} | dot ${spell(last).join(' ')}`,
    ...phones(draw),
  };
  return template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`There is no {${name}} to fill in`);
    return value;
  });
}

/** One number, said in one go, in its three groups, and its last seven digits in pairs. */
function phones(draw: Draw): Record<'phone' | 'phone|' | 'phone||', string> {
  const area = draw.of(areaCodes);
  const some = (count: number) => Array.from({ length: count }, () => draw.of(digits));
  const last = [...some(2), ...some(2)];
  const prefix = 'five five five';
  return {
    phone: `${area} ${prefix} ${last.join(' ')}`,
    'phone|': `${area} | ${prefix} | ${last.join(' ')}`,
    'phone||': `${area} | ${prefix} | ${last.slice(0, 2).join(' ')} | ${last.slice(2).join(' ')}`,
  };
}
