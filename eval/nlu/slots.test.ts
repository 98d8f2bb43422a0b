import { describe, expect, test } from 'vitest';
import { findSlots, trainSlots, type SlotText } from './slots.ts';

/** "for [2 people|people] on [friday|date]" */
function marked(template: string, asked: readonly string[] = []): SlotText {
  let text = '';
  const spans = [];
  for (const [part, value, slot] of template.matchAll(/\[([^|]*)\|([^\]]*)\]|[^[]+/g)) {
    if (value !== undefined && slot !== undefined) {
      spans.push({ slot, start: text.length, end: text.length + value.length });
    }
    text += value ?? part;
  }
  return { text, asked, spans };
}

const days = ['monday', 'tuesday', 'wednesday', 'friday', 'saturday'];
const model = trainSlots([
  ...days.map((day, index) => marked(`a table for [${index + 2} people|people] on [${day}|date] please`)),
  ...days.map((day, index) => marked(`can we come [next ${day}|date] we are [${index + 3}|people]`)),
  ...[2, 3, 4, 5].flatMap((count) => [marked(`[${count}|people]`, ['people']), marked(`[${count}|time]`, ['time'])]),
  marked('do you have parking'),
  marked('what do you serve'),
]);
const found = (text: string, asked: readonly string[] = []) =>
  findSlots(model, text, asked).map(({ slot, start, end }) => `${slot}: ${text.slice(start, end)}`);

describe('findSlots', () => {
  test('finds values it has not seen, by what they look like and what stands around them', () => {
    expect(found('a table for 9 people on thursday please')).toEqual(['people: 9 people', 'date: thursday']);
    expect(found('can we come next sunday we are 8')).toEqual(['date: next sunday', 'people: 8']);
  });

  test('reads a bare number as what was asked', () => {
    expect(found('4', ['people'])).toEqual(['people: 4']);
    expect(found('4', ['time'])).toEqual(['time: 4']);
  });

  test('finds nothing where there is nothing', () => {
    expect(found('do you serve parking')).toEqual([]);
    expect(found('')).toEqual([]);
  });
});
