import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchCall, fetchCalls, type RecordSource } from './records.ts';
import { sampleRecord } from './sample-record.ts';

const { callId } = sampleRecord.summary;
const staffKey = 'staff-key-of-the-test';
let source: RecordSource;

const server = createServer((request, response) => {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.headers.authorization !== `Bearer ${staffKey}`) answer(401, {});
  else if (request.url === `/v1/businesses/ridgeline-roofing/calls/${callId}`) answer(200, sampleRecord);
  else if (request.url === '/v1/businesses/ridgeline-roofing/calls')
    answer(200, { calls: [sampleRecord.summary], nextCursor: null });
  else answer(404, {});
});

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  source = { controlUrl: `http://127.0.0.1:${port}`, staffKey, business: 'ridgeline-roofing' };
});
afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((done) => server.close(done));
});

test('a call and the list are fetched with the staff key', async () => {
  expect(await fetchCall(source, callId)).toEqual(sampleRecord);
  expect((await fetchCalls(source)).calls).toEqual([sampleRecord.summary]);
});

test('an unknown call is named', async () => {
  const unknown = callId.replace('0193', '0194');
  await expect(fetchCall(source, unknown)).rejects.toThrow(`ridgeline-roofing has no call ${unknown}`);
});

test('what is no id never reaches the control plane', async () => {
  await expect(fetchCall(source, '../playbook')).rejects.toThrow('"../playbook" is no call id');
});

test('an unknown business, a wrong key', async () => {
  await expect(fetchCalls({ ...source, business: 'nobody' })).rejects.toThrow('There is no business nobody');
  await expect(fetchCalls({ ...source, staffKey: 'wrong' })).rejects.toThrow("refused this installation's key");
});

test('a control plane that is down: npm start', async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await expect(fetchCalls(source)).rejects.toThrow('Start it: npm start');
});
