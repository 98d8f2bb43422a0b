import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrayItems } from './array-items.ts';

const read = (pieces: readonly string[]) => {
  const items = new ArrayItems();
  return { found: pieces.flatMap((piece) => items.push(piece)), whole: items.whole };
};

test('an item is given as soon as it is closed', () => {
  const items = new ArrayItems();
  expect(items.push('{"a": [{"x":')).toEqual([]);
  expect(items.push('1}, {"x":2')).toEqual([{ key: 'a', json: '{"x":1}' }]);
  expect(items.push('}], "b": [')).toEqual([{ key: 'a', json: '{"x":2}' }]);
  expect(items.whole).toBe(false);
  expect(items.push(']}')).toEqual([]);
  expect(items.whole).toBe(true);
});

test('brackets, quotes and escapes in strings are only text', () => {
  const json = String.raw`{"a":[{"t":"} ] \" \\","c":["x]"]}],"b":[]}`;
  expect(read([json]).found).toEqual([{ key: 'a', json: String.raw`{"t":"} ] \" \\","c":["x]"]}` }]);
});

test('a fence around it, as some servers send, is passed over', () => {
  expect(read(['```json\n{"a":[{}]}\n```'])).toEqual({ found: [{ key: 'a', json: '{}' }], whole: true });
});

test('however it is cut, the same items come', () => {
  const object = fc.record({ text: fc.string({ unit: 'grapheme' }), cites: fc.array(fc.string()), nested: fc.json() });
  const answer = fc.record({
    meanings: fc.array(object, { maxLength: 3 }),
    sentences: fc.array(object, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(answer, fc.array(fc.nat(400), { maxLength: 8 }), (value, cuts) => {
      const json = JSON.stringify(value);
      const at = [0, ...cuts.filter((cut) => cut < json.length).sort((a, b) => a - b), json.length];
      const { found, whole } = read(at.slice(1).map((end, index) => json.slice(at[index], end)));
      expect(whole).toBe(true);
      expect(found.map((item) => [item.key, JSON.parse(item.json)])).toEqual([
        ...value.meanings.map((each) => ['meanings', each]),
        ...value.sentences.map((each) => ['sentences', each]),
      ]);
    }),
  );
});

test('nonsense is read to its end and gives what it gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', ' '), { maxLength: 60 }),
      (signs) => {
        for (const { json } of read(signs).found) expect(json).toMatch(/^\{[^]*[\]}]$/);
      },
    ),
  );
});

test('an endless answer is refused', () => {
  const items = new ArrayItems();
  expect(() => {
    for (let piece = 0; piece < 100; piece++) items.push('['.repeat(1_000));
  }).toThrow(RangeError);
});
