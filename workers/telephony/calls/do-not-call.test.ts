import { expect, it } from 'vitest';
import { asNode, asStaff, mondayMs, request } from '../../test/control-plane.ts';
import { callStart, emptyLead, inOrder, leadFact, postEvents } from '../../test/events.ts';
import { setUpCalls, susan } from '../../test/call-orders.ts';
import { readNumberList } from './number-list.ts';

const list = async (business: string): Promise<unknown> =>
  (await request('GET', `/v1/businesses/${business}/do-not-call`, { headers: asStaff })).json();

it('has whoever asks for it in any call, under the number that was dialled or called from, at once', async () => {
  const { business, place, given, read } = await setUpCalls();
  const optOut = leadFact({ ...emptyLead, tags: ['do-not-call'] });
  const { id } = await place();
  const callId = given[0]?.callId ?? '';
  const start = callStart('0'.repeat(64));
  await postEvents(business, callId, inOrder([start, optOut]));
  expect(await list(business)).toMatchObject({
    entries: [{ number: susan, source: 'call', callId, sinceMs: mondayMs + 1_000 }],
  });
  // The call still runs: only what waits is refused.
  expect((await read(id)).status).toBe('dialling');
  const inbound = { ...start, door: 'phone' as const, callerNumber: '+13035550177' };
  const lead = leadFact({ ...emptyLead, phone: '+13035550178', tags: ['do-not-call'] });
  await postEvents(business, crypto.randomUUID(), inOrder([inbound, lead]));
  expect(await list(business)).toMatchObject({
    entries: [{ number: susan }, { number: '+13035550177' }, { number: '+13035550178' }],
    next: null,
  });
});

it('is kept by staff: added once, removed, imported', async () => {
  const { business } = await setUpCalls();
  const path = `/v1/businesses/${business}/do-not-call`;
  const add = (number: string, headers = asStaff): Promise<Response> =>
    request('POST', path, { headers, body: { number } });
  expect((await add(susan)).status).toBe(201);
  expect((await add(susan)).status).toBe(201);
  expect((await add('12')).status).toBe(400);
  expect((await add(susan, asNode)).status).toBe(401);
  const csv = 'Phone,Name\r\n"(303) 555-0177",Ann\r\n+13035550123,Susan\r\n303.555.0178\r\nnobody\r\n';
  const imported = await request('POST', `${path}/import`, {
    headers: { ...asStaff, 'content-type': 'text/csv' },
    body: csv,
  });
  expect(await imported.json()).toEqual({ added: 2, known: 1, rejected: [{ line: 5, text: 'nobody' }] });
  const removed = await request('DELETE', `${path}/${encodeURIComponent(susan)}`, { headers: asStaff });
  expect(removed.status).toBe(204);
  expect((await request('DELETE', `${path}/${encodeURIComponent(susan)}`, { headers: asStaff })).status).toBe(404);
  expect(await list(business)).toMatchObject({ entries: [{ number: '+13035550177' }, { number: '+13035550178' }] });
});

it.each([
  ['+44 20 7946 0000', '1', '+442079460000'],
  ['020 7946 0000', '44', '+442079460000'],
  ['0044 20 7946 0000', '1', '+442079460000'],
  ['1-303-555-0123', '1', '+13035550123'],
  ['303-555-012', '1', null],
  ['=cmd()', '1', null],
  ['+0 303 555 0123', '1', null],
  ['"unfinished', '1', null],
])('reads %j under country code %s as %j', (text, countryCode, number) => {
  expect(readNumberList(`phone\n${text}`, countryCode).map((each) => each.number)).toEqual([number]);
});
