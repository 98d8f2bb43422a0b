import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sampleFiles, type Sample } from '../../dialogue/testing/demo-bundle.ts';
import { playbookSchema } from './schema.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const valid: ValidateFunction = ajv.compile(playbookSchema());

test('the schema in docs/ is the one that the schemas give', () => {
  const written: unknown = JSON.parse(
    readFileSync(new URL('../../docs/playbook.schema.json', import.meta.url), 'utf8'),
  );
  // If this fails: npm run playbook -- schema --out docs/playbook.schema.json && npx oxfmt docs/playbook.schema.json
  expect(written).toEqual(JSON.parse(JSON.stringify(playbookSchema())));
});

test.each<Sample>(['roofing', 'dental', 'software'])('the files of the %s playbook fit the schema', (sample) => {
  for (const { path, text } of sampleFiles(sample)) {
    valid(parse(text));
    expect({ path, errors: valid.errors ?? [] }).toEqual({ path, errors: [] });
    expect(text).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)+docs\/playbook\.schema\.json$/m);
  }
});

test('an editor sees a misspelt field and a missing one', () => {
  expect(valid({ greting: 'Hello.' })).toBe(false);
  expect(valid({ facts: [{ id: 'a', kind: 'policy' }] })).toBe(false);
  expect(valid({ facts: [{ id: 'a', kind: 'policy', says: 'A.', examples: ['b'] }] })).toBe(true);
});
