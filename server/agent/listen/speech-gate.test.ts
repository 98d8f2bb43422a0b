import { expect, test } from 'vitest';
import { SpeechGate } from './speech-gate.ts';

const run = (probabilities: readonly number[], onsetWindows = 2): string[] => {
  const gate = new SpeechGate();
  return probabilities.map((probability) => {
    const { state, dropped } = gate.window(probability, onsetWindows);
    return dropped ? `${state} (dropped)` : state;
  });
};

test('two voiced windows make speech, soft ones keep it, a silent one is a pause', () => {
  expect(run([0.1, 0.6, 0.9, 0.4, 0.2, 0.9])).toEqual(['silence', 'onset', 'speech', 'speech', 'pause', 'speech']);
});

test('a click is dropped', () => {
  expect(run([0.8, 0.1, 0.1, 0.1])).toEqual(['onset', 'onset', 'onset', 'silence (dropped)']);
});

test('over the agent, speech takes as many windows as asked', () => {
  expect(run([0.9, 0.9, 0.9, 0.9], 3)).toEqual(['onset', 'onset', 'speech', 'speech']);
});
