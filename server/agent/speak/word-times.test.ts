import { expect, test } from 'vitest';
import { FliteSynthesizer } from '../../provider/flite/flite.ts';
import { estimateWords } from './word-times.ts';

const sentences = [
  'Hi, this is Riley, the virtual assistant at Ridgeline Roofing.',
  'I am an automated assistant, and this call is recorded.',
  'How can I help you today?',
  'A typical repair costs between three hundred and fifty and nine hundred dollars.',
  'We can be there on Tuesday at half past two, or on Thursday at nine in the morning.',
  'Thank you, Susan. What is the best number to reach you?',
  'We have worked in this area for eighteen years, and every roof has a ten year warranty.',
  'Sorry, I did not get that. Could you say it again, please?',
  'Your appointment is on Monday, November twenty third, at ten in the morning. Is that right?',
  'I understand that price matters. Many of our customers pay in monthly instalments.',
  'A person from our team will call you back within one business day.',
  'Goodbye, and thank you for calling!',
];

test('estimates stay near a voice that knows when its words end', async () => {
  const errorsMs: number[] = [];
  const synthesizer = new FliteSynthesizer('slt');
  for (const sentence of sentences) {
    const { samples, words } = await synthesizer.synthesize(sentence);
    const estimated = estimateWords(sentence, samples.length);
    expect(estimated.map(({ text }) => text.replace(/\W/g, '').toLowerCase())).toEqual(
      words.map(({ text }) => text.replace(/\W/g, '').toLowerCase()),
    );
    words.forEach((word, n) => errorsMs.push(Math.abs(word.endSample - (estimated[n]?.endSample ?? 0)) / 16));
  }
  const sorted = errorsMs.sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0;
  expect(quantile(0.5)).toBeLessThan(110);
  expect(quantile(0.95)).toBeLessThan(310);
}, 30_000);

test('words cover the sentence in order; punctuation alone is no word', () => {
  const words = estimateWords('Well - that is $350, right?', 32_000);
  expect(words.map(({ text }) => text)).toEqual(['Well', 'that', 'is', '$350,', 'right?']);
  expect(words[0]?.startSample).toBe(0);
  expect(words.at(-1)?.endSample).toBe(32_000);
  words.forEach(({ startSample, endSample }, n) => {
    expect(endSample).toBeGreaterThan(startSample);
    expect(startSample).toBeGreaterThanOrEqual(words[n - 1]?.endSample ?? 0);
  });
  expect(estimateWords('', 100)).toEqual([]);
});
