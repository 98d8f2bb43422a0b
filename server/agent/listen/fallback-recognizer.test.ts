import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../circuit-breaker.ts';
import type { EngineWatch } from '../engine-watch.ts';
import { FallbackRecognizerFactory } from './fallback-recognizer.ts';
import type { Recognizer, Transcript } from './recognizer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const transcript = (text: string): Transcript => ({ text, confidence: 0.9, alternatives: [] });

/** Says what it heard: its name and the number of samples. */
class CountingRecognizer implements Recognizer {
  readonly name: string;
  answer: (heard: Transcript, signal?: AbortSignal) => Promise<Transcript> = async (heard) => heard;
  guess = '';
  samples = 0;
  telephone = false;
  closed = false;

  constructor(name: string) {
    this.name = name;
  }

  byTelephone(): void {
    this.telephone = true;
  }

  feed(samples: Int16Array): void {
    this.samples += samples.length;
  }

  async partial(): Promise<string> {
    return this.guess;
  }

  async finish(signal?: AbortSignal): Promise<Transcript> {
    const heard = transcript(`${this.name} ${this.samples}`);
    this.samples = 0;
    return this.answer(heard, signal);
  }

  async discard(): Promise<void> {
    this.samples = 0;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

async function setUp() {
  const [lead, backup] = [new CountingRecognizer('lead'), new CountingRecognizer('backup')];
  const degraded: string[] = [];
  const watch: EngineWatch = { degraded: (part, cause) => degraded.push(`${part}: ${String(cause)}`), used: () => {} };
  const breaker = new CircuitBreaker(Date.now);
  const factory = new FallbackRecognizerFactory({
    lead: { create: async () => lead },
    backup: { create: async () => backup },
    breaker,
  });
  const recognizer = await factory.create(watch);
  const hear = async (samples = 100): Promise<string> => {
    recognizer.feed(new Int16Array(samples));
    const heard = recognizer.finish();
    await vi.advanceTimersByTimeAsync(5_000);
    return (await heard).text;
  };
  return { lead, backup, degraded, recognizer, hear };
}

test('the leading engine counts while it works', async () => {
  const { hear, degraded } = await setUp();
  expect([await hear(100), await hear(200)]).toEqual(['lead 100', 'lead 200']);
  expect(degraded).toEqual([]);
});

test('both are told that the caller is on the telephone', async () => {
  const { recognizer, lead, backup } = await setUp();
  recognizer.byTelephone?.();
  expect([lead.telephone, backup.telephone]).toEqual([true, true]);
});

test('when it fails, the backup has heard the same, and the record says why', async () => {
  const { lead, hear, degraded } = await setUp();
  lead.answer = () => Promise.reject(new Error('500'));
  expect(await hear(100)).toBe('backup 100');
  expect(degraded).toEqual(['recognition: Error: 500']);
});

test('when it hangs, the backup answers after 800 ms and the engine is told to stop', async () => {
  const { lead, recognizer } = await setUp();
  const seen: AbortSignal[] = [];
  lead.answer = (_, signal) => {
    if (signal) seen.push(signal);
    return new Promise(() => undefined);
  };
  recognizer.feed(new Int16Array(100));
  const heard = vi.fn();
  void recognizer.finish().then(heard);
  await vi.advanceTimersByTimeAsync(799);
  expect(heard).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toHaveBeenCalledWith(transcript('backup 100'));
  expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
});

test('after two failures it is not waited for; later it is tried again and leads', async () => {
  const { lead, hear } = await setUp();
  lead.answer = () => Promise.reject(new Error('500'));
  await hear();
  await hear();
  lead.answer = async (heard) => heard;
  expect(await hear(50)).toBe('backup 50');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await hear(60)).toBe('lead 60');
});

test('the backup tells what was said so far when the leading engine does not', async () => {
  const { lead, backup, recognizer } = await setUp();
  recognizer.feed(new Int16Array(10));
  backup.guess = 'five five';
  expect(await recognizer.partial()).toBe('five five');
  lead.guess = 'five five five';
  expect(await recognizer.partial()).toBe('five five five');
});

test('what is discarded is in no later segment, of neither', async () => {
  const { recognizer, hear, lead } = await setUp();
  recognizer.feed(new Int16Array(1_000));
  await recognizer.discard();
  expect(await hear(10)).toBe('lead 10');
  recognizer.feed(new Int16Array(1_000));
  await recognizer.discard();
  lead.answer = () => Promise.reject(new Error('500'));
  expect(await hear(10)).toBe('backup 10');
});

test('a leading engine that cannot begin leaves the call to the backup', async () => {
  const backup = new CountingRecognizer('backup');
  const degraded = vi.fn();
  const factory = new FallbackRecognizerFactory({
    lead: { create: () => Promise.reject(new Error('no model')) },
    backup: { create: async () => backup },
    breaker: new CircuitBreaker(Date.now),
  });
  expect(await factory.create({ degraded, used: () => {} })).toBe(backup);
  expect(degraded).toHaveBeenCalledWith('recognition', new Error('no model'));
});

test('without a backup there is no recogniser, and the leading one is closed', async () => {
  const lead = new CountingRecognizer('lead');
  const factory = new FallbackRecognizerFactory({
    lead: { create: async () => lead },
    backup: { create: () => Promise.reject(new Error('no library')) },
    breaker: new CircuitBreaker(Date.now),
  });
  await expect(factory.create({ degraded: () => {}, used: () => {} })).rejects.toThrow('no library');
  expect(lead.closed).toBe(true);
});
