import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { webhookEvents } from '../../contract/webhook-event.ts';
import { eventSchema, eventTable } from './schema.ts';

const docs = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const valid = ajv.compile(eventSchema());

test('the schema in docs/ is the one that the events give', () => {
  // If this fails: npm run webhooks -- schema --out docs/webhook-events.schema.json && npx oxfmt docs
  expect(JSON.parse(docs('webhook-events.schema.json'))).toEqual(JSON.parse(JSON.stringify(eventSchema())));
});

test('docs/webhooks.md lists every event, as the code does', () => {
  const rows = docs('webhooks.md')
    .split('\n')
    .filter((line) => /^\| `[a-z-]+\.[a-z]+`/.test(line));
  expect(rows).toHaveLength(Object.keys(webhookEvents).length);
  // If this fails: copy the table from eventTable() of schema.ts.
  expect(docs('webhooks.md')).toContain(eventTable());
});

const id = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const test1 = {
  id,
  type: 'webhook.test',
  occurredAt: '2026-11-23T12:00:00.000Z',
  business: 'summit',
  data: { message: 'hello' },
};

test('a message fits the schema of its type, and of no other', () => {
  expect(valid(test1)).toBe(true);
  expect(valid({ ...test1, type: 'call.started' })).toBe(false);
  expect(valid({ ...test1, type: 'call.begun' })).toBe(false);
  expect(valid({ ...test1, occurredAt: 'today' })).toBe(false);
  expect(valid({ ...test1, data: {} })).toBe(false);
  const { id: _, ...nameless } = test1;
  expect(valid(nameless)).toBe(false);
});
