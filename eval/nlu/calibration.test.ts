import { expect, test } from 'vitest';
import { expectedCalibrationError } from './calibration.ts';

const guesses = (confidence: number, right: number, wrong: number) =>
  Array.from({ length: right + wrong }, (_, at) => ({ confidence, right: at < right }));

test('expectedCalibrationError is 0 where confidences are right as often as they say', () => {
  expect(expectedCalibrationError([...guesses(0.75, 3, 1), ...guesses(1, 2, 0), ...guesses(0, 0, 2)])).toBe(0);
});

test('expectedCalibrationError weighs each bin by its guesses', () => {
  // 0.4 too sure in three of four guesses, 0.1 too unsure in the fourth.
  expect(expectedCalibrationError([...guesses(0.4, 0, 3), ...guesses(0.9, 1, 0)])).toBe(0.325);
});

test('expectedCalibrationError does not let opposite errors of different bins cancel out', () => {
  expect(expectedCalibrationError([...guesses(0.95, 0, 1), ...guesses(0.05, 1, 0)])).toBe(0.95);
});

test('expectedCalibrationError of nothing is 0; a confidence outside 0 to 1 is told', () => {
  expect(expectedCalibrationError([])).toBe(0);
  expect(() => expectedCalibrationError(guesses(-0.2, 1, 0))).toThrow('-0.2');
});
