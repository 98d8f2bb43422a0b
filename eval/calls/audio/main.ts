import { join } from 'node:path';
import { launchChromium } from '../../caller/chromium.ts';
import { startProduct } from '../../product/product.ts';
import type { CallerVoice } from '../../speech/caller-voice.ts';
import { readBabble } from '../../turns/sounds.ts';
import { bundlesFor } from '../playbooks.ts';
import { ScenarioError } from '../read-scenarios.ts';
import type { Scenario } from '../scenario.ts';
import { speakCall, type SpokenCall, type SpokenResult } from './call.ts';
import { noiseBelowDb, type Condition } from './line.ts';
import { audioReport, type AudioReport } from './report.ts';
import { spokenSubset } from './subset.ts';

export interface AudioOptions {
  readonly only: string;
  readonly seed: number;
  readonly verbose: boolean;
  readonly conditions: readonly Condition[];
  readonly voices: readonly CallerVoice[];
  readonly atOnce: number;
}

const sharedSpeech = join(import.meta.dirname, '../../../../shared/data/speech/sentences');

/** Whole calls by voice. What each one came to is told on standard error as it ends. */
export async function speakScenarios(all: readonly Scenario[], options: AudioOptions): Promise<AudioReport> {
  const chosen = spokenSubset(all, options.only);
  if (chosen.length === 0) {
    const known = spokenSubset(all, 'roof').map(({ id }) => id);
    throw new ScenarioError(
      `No scenario that can be spoken begins with "${options.only}". There are: ${known.join(', ')}.`,
    );
  }
  const babble = readBabble(sharedSpeech);
  const possible = options.conditions.filter((one) => babble !== undefined || noiseBelowDb[one] === null);
  if (possible.length < options.conditions.length) {
    console.error(`Without ${sharedSpeech} there is nobody to talk in the background: noise is left out.`);
  }
  const bundles = await bundlesFor(chosen);
  const calls: SpokenCall[] = possible.flatMap((condition) =>
    [...bundles].flatMap(([scenario, bundle]) =>
      options.voices.map((voice) => ({ scenario, bundle, condition, voice, seed: options.seed })),
    ),
  );
  const done: (SpokenCall & SpokenResult)[] = [];
  const product = await startProduct().catch((cause: unknown) => {
    throw new ScenarioError(messageOf(cause), { cause });
  });
  const browser = await launchChromium({ microphone: 'allow' });
  try {
    const waiting = [...calls];
    const line = async (): Promise<void> => {
      for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
        const result = await speakCall(product, browser, call, babble).catch((cause: unknown) => notMade(cause));
        done.push({ ...call, ...result });
        const outcome = result.faults.length === 0 ? 'passed' : `failed: ${result.faults.join(' ')}`;
        console.error(
          `${done.length} of ${calls.length}  ${call.scenario.id}, ${call.condition}, ${call.voice}: ${outcome}`,
        );
      }
    };
    await Promise.all(Array.from({ length: options.atOnce }, line));
  } finally {
    await browser.close();
    await product.stop();
  }
  const inOrder = calls.flatMap((call) =>
    done.filter(
      (one) => one.scenario === call.scenario && one.condition === call.condition && one.voice === call.voice,
    ),
  );
  return audioReport(inOrder, options.verbose);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const notMade = (cause: unknown): SpokenResult => ({
  faults: [`The call could not be made: ${messageOf(cause).split('\n', 1).join('')}`],
  turns: 0,
  misunderstood: 0,
  transcript: [],
});

/** A list such as `clean,noise10`; without one, all. Throws what is to be said to the user. */
export function choiceOf<T extends string>(flag: string, given: string | undefined, all: readonly T[]): readonly T[] {
  if (given === undefined) return all;
  const names = given.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !all.some((one) => one === name));
  if (wrong !== undefined) throw new Error(`--${flag} takes ${all.join(', ')}, not "${wrong}".`);
  return all.filter((one) => names.includes(one));
}

export const voices: readonly CallerVoice[] = ['rms', 'awb'];
