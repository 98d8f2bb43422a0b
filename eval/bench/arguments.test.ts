import { expect, test } from 'vitest';
import { parseBenchArguments } from './arguments.ts';

test('parseBenchArguments reads each bench with its defaults', () => {
  expect(parseBenchArguments(['latency'])).toEqual({ bench: 'latency', door: 'browser', turns: 20, json: false });
  expect(parseBenchArguments(['latency', '--door', 'phone', '--turns', '5', '--json'])).toEqual({
    bench: 'latency',
    door: 'phone',
    turns: 5,
    json: true,
  });
  expect(parseBenchArguments(['capacity', '--json'])).toEqual({ bench: 'capacity', json: true });
  expect(parseBenchArguments(['sip'])).toEqual({ bench: 'sip', json: false });
  expect(parseBenchArguments(['recording'])).toEqual({ bench: 'recording', json: false });
  expect(parseBenchArguments(['relay', '--json'])).toEqual({ bench: 'relay', json: true });
  expect(parseBenchArguments(['--help'])).toEqual({ bench: 'help' });
});

test.each([
  [[], 'Which bench?'],
  [['speed'], 'There is no bench named "speed".'],
  [['latency', '--turns', '0'], '--turns takes a number from 1 to 9999, not "0".'],
  [['capacity', '--turns', '5'], '--turns belongs to the latency bench.'],
  [['latency', '--door', 'back'], '--door is browser or phone, not "back".'],
  [['sip', '--door', 'phone'], '--door belongs to the latency bench.'],
  [['latency', 'capacity'], 'One bench at a time'],
  [['latency', '--fast'], "Unknown option '--fast'"],
])('parseBenchArguments refuses %j', (args, message) => {
  expect(() => parseBenchArguments(args)).toThrow(message);
});
