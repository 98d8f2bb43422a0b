import { expect, test } from 'vitest';
import { standIn } from '../command/stand-in.ts';
import { fetchCall, fetchCalls } from './records.ts';
import { sampleRecord } from './sample-record.ts';

const { callId } = sampleRecord.summary;
const { source, stop } = standIn(({ path }) => {
  if (path === `GET calls/${callId}`) return { body: sampleRecord };
  return path === 'GET calls' ? { body: { calls: [sampleRecord.summary], nextCursor: null } } : undefined;
});

test('a call and the list are fetched with the staff key', async () => {
  expect(await fetchCall(source(), callId)).toEqual(sampleRecord);
  expect((await fetchCalls(source())).calls).toEqual([sampleRecord.summary]);
});

test('an unknown call is named', async () => {
  const unknown = callId.replace('0193', '0194');
  await expect(fetchCall(source(), unknown)).rejects.toThrow(`ridgeline-roofing has no call ${unknown}`);
});

test('what is no id never reaches the control plane', async () => {
  await expect(fetchCall(source(), '../playbook')).rejects.toThrow('"../playbook" is no call id');
});

test('an unknown business, a wrong key', async () => {
  await expect(fetchCalls({ ...source(), business: 'nobody' })).rejects.toThrow('There is no business nobody');
  await expect(fetchCalls({ ...source(), staffKey: 'wrong' })).rejects.toThrow("refused this installation's key");
});

test('a control plane that is down: npm start', async () => {
  await stop();
  await expect(fetchCalls(source())).rejects.toThrow('Start it: npm start');
});
