import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { compilePlaybook } from '../../dialogue/playbook/compile.ts';
import { smallPlaybook } from '../../dialogue/testing/small-playbook.ts';
import { bundleOfCall } from './experiment.ts';

const { bundle } = await compilePlaybook(
  smallPlaybook({
    locales: 'locales: { es: { greeting: Buenos días. } }',
    experiments: 'experiments: [{ id: tone, arms: [{ id: plain }, { id: warm, patch: { greeting: Good day. } }] }]',
  }),
);

test('a call gets the same arm each time, and every arm gets its calls', () => {
  const callIds = Array.from({ length: 200 }, () => randomUUID());
  const arms = callIds.map((callId) => bundleOfCall(bundle, callId).arm?.arm);
  expect(callIds.map((callId) => bundleOfCall(bundle, callId).arm?.arm)).toEqual(arms);
  // Fewer than 60 of 200 would be one chance in a hundred million.
  for (const arm of ['plain', 'warm']) expect(arms.filter((each) => each === arm).length).toBeGreaterThan(60);
});

test('a call in another language is in that language, and in no experiment', () => {
  const spanish = bundleOfCall(bundle, randomUUID(), 'es');
  expect(spanish).toMatchObject({ hash: bundle.hash, locale: 'es', greeting: [{ text: 'Buenos días.' }] });
  expect(spanish.arm).toBeUndefined();
  for (const locale of ['en-US', 'fr', undefined]) {
    const call = bundleOfCall(bundle, randomUUID(), locale);
    expect([call.locale, call.arm?.id]).toEqual(['en-US', 'tone']);
  }
});
