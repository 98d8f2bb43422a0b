import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as v from 'valibot';
import { xmlDocument } from './xml.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  processEntities: { maxTotalExpansions: 100_000, maxExpandedLength: 1_000_000 },
});

/** What XML can write at all. */
const writable = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');

const Read = v.object({ Say: v.object({ voice: v.string(), '#text': v.optional(v.string(), '') }) });

it('text and attributes come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      (said, voice) => {
        const document = xmlDocument({
          name: 'Response',
          children: [{ name: 'Say', attributes: { voice }, children: [`|${said}|`] }],
        });
        expect(XMLValidator.validate(document)).toBe(true);
        const { Response: response } = v.parse(v.object({ Response: Read }), parser.parse(document));
        expect(response.Say['#text']).toBe(`|${writable(said)}|`);
        expect(response.Say.voice).toBe(writable(voice));
      },
    ),
  );
});

it('a caller’s or an owner’s words cannot become a verb', () => {
  const said = '</Say><Dial>+19005550100</Dial><Say>';
  expect(xmlDocument({ name: 'Response', children: [{ name: 'Say', children: [said] }] })).not.toContain('<Dial>');
});
