import * as v from 'valibot';
import { runInDurableObject } from 'cloudflare:test';
import { expect, it, vi } from 'vitest';
import { CallOrderRequest, defaultOutboundRules } from '../../../contract/outbound.ts';
import { Uuid } from '../../../contract/primitives.ts';
import { instantOf } from '../../../dialogue/calendar/local-time.ts';
import { Alarm } from '../../business/alarm.ts';
import { Fleet } from '../../fleet/fleet.ts';
import { asNode, asStaff, callRecord, mondayMs, request } from '../../test/control-plane.ts';
import { callStart, emptyLead, inOrder, leadFact, postEvents } from '../../test/events.ts';
import { hourMs, outreach, refusalOf, setUpCalls, susan } from '../../test/call-orders.ts';
import { CallOffice } from './office.ts';

const denver = 'America/Denver';

it('gives an allowed call to a node at once, with whom and what it is about, and has its record', async () => {
  const { business, bundle, place, given } = await setUpCalls();
  const order = await place();
  expect(order).toMatchObject({ status: 'dialling', attempts: [{ endMs: null, disposition: null }] });
  expect(given).toEqual([
    {
      orderId: order.id,
      callId: order.attempts[0]?.callId,
      business,
      playbook: bundle.hash,
      to: susan,
      purpose: { kind: 'outreach', contact: { name: 'Susan Miller', phone: susan }, reason: 'free-inspection' },
      ringMs: 30_000,
      leaveMessage: true,
      expiresAtMs: mondayMs + 20_000,
    },
  ]);
  expect((await callRecord(business, given[0]?.callId ?? '')).summary).toMatchObject({ door: 'phone', endMs: null });
});

it('is one order however often it is sent, and refuses another under the same key', async () => {
  const { business, order, given } = await setUpCalls();
  const first = await order(outreach(business), 'monday-1');
  const again = await order(outreach(business), 'monday-1');
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(await again.json()).toEqual(await first.json());
  expect(given).toHaveLength(1);
  expect((await order(outreach(business, { to: '+13035550124' }), 'monday-1')).status).toBe(409);
});

it('dials while the fleet is in trouble, at the nodes that are configured', async () => {
  const { place, given } = await setUpCalls();
  const list = vi.spyOn(Fleet.prototype, 'list').mockRejectedValue(new Error('Durable Object reset'));
  try {
    expect((await place()).status).toBe('dialling');
  } finally {
    list.mockRestore();
  }
  expect(given).toHaveLength(1);
});

it.each(['the alarm', 'the same order again'])('a dial that was cut off is made by %s', async (who) => {
  const { business, stub, order, alarmAt, given } = await setUpCalls();
  const body = v.parse(CallOrderRequest, outreach(business));
  await runInDurableObject(stub, async (_, { storage }) => {
    const office = new CallOffice({
      storage,
      alarm: new Alarm(storage),
      exists: () => true,
      now: () => mondayMs,
      publicUrl: () => 'https://parley.test',
      nodes: () => Promise.reject(new Error('This object was reset.')),
      nodeNamed: () => Promise.resolve(undefined),
      handOver: () => Promise.resolve({ outcome: 'taken' }),
      hangUp: () => Promise.resolve({ outcome: 'taken' }),
    });
    await expect(office.order(body, 'cut-off')).rejects.toThrow('reset');
    expect(await storage.getAlarm()).toBe(mondayMs + 15_000);
  });
  if (who === 'the alarm') await alarmAt(mondayMs + 15_000);
  else expect((await order(outreach(business), 'cut-off')).status).toBe(200);
  expect(given).toHaveLength(1);
});

it('answers refused calls with the rule and the time from which they are allowed', async () => {
  const { business, order, setClock, given } = await setUpCalls();
  await setClock(instantOf('2035-03-05', '21:10', denver));
  const late = await refusalOf(
    await order(outreach(business, { notAfterMs: instantOf('2035-03-05', '23:00', denver) })),
  );
  expect(late).toMatchObject({
    status: 403,
    code: 'call-refused',
    rule: 'calling-hours',
    message: 'It is 21:10 on 2035-03-05 in America/Denver: outside the calling hours.',
    allowedFromMs: instantOf('2035-03-06', '08:00', denver),
  });
  // 20:10 in Denver, and 21:10 in Idaho's other half.
  const nowhere = await refusalOf(await order(outreach(business, { to: '+8821655501234' })));
  expect(nowhere).toMatchObject({ status: 403, rule: 'unknown-zone' });
  expect(given).toEqual([]);
});

it('goes by the number in an address of a trunk: its zone, its spacing, the do-not-call list', async () => {
  const { business, order, place, given, over } = await setUpCalls();
  const refused = async (to: string, more: Record<string, unknown> = {}): Promise<unknown> =>
    refusalOf(await order(outreach(business, { to, ...more })));
  const tokyo = await place({ to: 'sip:+81312345678@sip.carrier.example' });
  expect(tokyo).toMatchObject({ status: 'waiting', nextAttemptMs: instantOf('2035-03-06', '08:00', 'Asia/Tokyo') });
  expect(await refused('sip:+8821655501234@sip.carrier.example')).toMatchObject({ rule: 'unknown-zone' });
  expect(await refused('sip:3035550123@sip.carrier.example')).toMatchObject({
    rule: 'unknown-zone',
    message: expect.stringContaining('with + and the country code'),
  });

  await place({ to: `sip:${susan}@sip.carrier.example` });
  expect(given[0]?.purpose).toMatchObject({ contact: { phone: susan } });
  await over(given[0]?.callId ?? '', 'no-answer');
  expect(await refused(susan, { notAfterMs: mondayMs + hourMs })).toMatchObject({ rule: 'spacing' });

  // Who asks in such a call not to be called is not called in any way.
  await place({ to: 'sip:+13035550124@sip.carrier.example' });
  const optOut = leadFact({ ...emptyLead, tags: ['do-not-call'] });
  await postEvents(business, given[1]?.callId ?? '', inOrder([callStart('0'.repeat(64)), optOut]));
  for (const to of ['+13035550124', 'sip:%2B13035550124@sip.carrier.example']) {
    expect(await refused(to)).toMatchObject({ rule: 'do-not-call' });
  }
});

it('waits for the callee’s morning, wherever that is', async () => {
  const { place, read, alarmAt, given } = await setUpCalls();
  const order = await place({ to: '+442079460000' });
  // 17:00 in London.
  expect(order.status).toBe('dialling');
  const tokyo = await place({ to: '+81312345678' });
  const morning = instantOf('2035-03-06', '08:00', 'Asia/Tokyo');
  expect(tokyo).toMatchObject({ status: 'waiting', nextAttemptMs: morning });
  await alarmAt(morning - 1);
  expect((await read(tokyo.id)).status).toBe('waiting');
  expect(await alarmAt(morning)).toBe(true);
  expect((await read(tokyo.id)).status).toBe('dialling');
  expect(given).toHaveLength(2);
});

it('looks at the do-not-call list at the order and again before it dials', async () => {
  const { business, order, place, read, alarmAt, given } = await setUpCalls();
  const notBeforeMs = mondayMs + hourMs;
  const waiting = await place({ notBeforeMs });
  const added = await request('POST', `/v1/businesses/${business}/do-not-call`, {
    headers: asStaff,
    body: { number: susan, note: 'wrote to us' },
  });
  expect(added.status).toBe(201);
  expect(await read(waiting.id)).toMatchObject({ status: 'refused', refusal: { rule: 'do-not-call' } });
  expect(await refusalOf(await order(outreach(business)))).toMatchObject({ status: 403, rule: 'do-not-call' });
  await alarmAt(notBeforeMs);
  expect(given).toEqual([]);
});

it.each(['no-answer', 'busy'] as const)('%s is tried again after the spacing, three times in all', async (told) => {
  const { place, read, over, alarmAt, given, order, business } = await setUpCalls();
  const { id } = await place();
  const endMs = mondayMs + 20_000;
  let atMs = mondayMs;
  for (const dials of [1, 2]) {
    await over(given.at(-1)?.callId ?? '', told);
    const waiting = await read(id);
    expect(waiting).toMatchObject({ status: 'waiting', disposition: told });
    expect(waiting.attempts).toHaveLength(dials);
    // The same number is not dialled by another order in the meantime.
    const other = await order(outreach(business, { notAfterMs: atMs + hourMs }));
    expect(await refusalOf(other)).toMatchObject({ rule: 'spacing' });
    atMs = Math.max(atMs, endMs) + 4 * hourMs;
    expect(await alarmAt(atMs)).toBe(true);
    expect(given).toHaveLength(dials + 1);
  }
  await over(given.at(-1)?.callId ?? '', told);
  expect(await read(id)).toMatchObject({ status: 'done', disposition: told, nextAttemptMs: null });
});

it.each(['answered', 'voicemail-left', 'rejected', 'screened', 'invalid-number'] as const)(
  '%s is not tried again',
  async (told) => {
    const { place, read, over, given } = await setUpCalls();
    const { id } = await place();
    await over(given[0]?.callId ?? '', told);
    expect(await read(id)).toMatchObject({ status: 'done', disposition: told });
  },
);

it('a node that dies while it dials leaves a failed attempt, a closed call, and the order is tried again', async () => {
  const { business, place, read, alarmAt, given } = await setUpCalls();
  const { id } = await place();
  expect(await alarmAt(mondayMs + 60_000)).toBe(true);
  expect(await read(id)).toMatchObject({
    status: 'waiting',
    attempts: [{ disposition: 'failed', endMs: mondayMs }],
  });
  expect((await callRecord(business, given[0]?.callId ?? '')).summary).toMatchObject({
    endReason: 'connection-lost',
    outcome: 'incomplete',
  });
  await alarmAt(mondayMs + 120_000);
  expect(given).toHaveLength(2);
  expect(await read(id)).toMatchObject({ status: 'dialling' });
});

it('what was never sent is no attempt, and whoever says when to try again is not asked sooner', async () => {
  const { place, read, alarmAt, setClock, given, over } = await setUpCalls({
    outbound: { ...defaultOutboundRules, attempts: 2 },
  });
  const { id } = await place();
  const told: { dialled?: false; retryAfterS?: number }[] = [
    { dialled: false, retryAfterS: 60 },
    { dialled: false },
    { retryAfterS: 900 },
  ];
  let nowMs = mondayMs + 20_000;
  for (const more of told) {
    await setClock(nowMs);
    await over(given.at(-1)?.callId ?? '', 'failed', [], more);
    const againMs = nowMs + 1_000 * Math.max(60, more.retryAfterS ?? 0);
    expect(await read(id)).toMatchObject({ status: 'waiting', nextAttemptMs: againMs });
    nowMs = againMs;
    await alarmAt(nowMs);
  }
  await over(given.at(-1)?.callId ?? '', 'failed');
  expect(await read(id)).toMatchObject({ status: 'done', disposition: 'failed' });
  expect(given).toHaveLength(4);
});

it('a node that refuses has dialled nothing: no attempt, no call, and another try soon', async () => {
  const { business, place, read, alarmAt, given, nodesAnswer } = await setUpCalls();
  nodesAnswer({ outcome: 'refused', why: 'Media node north answered 503. It is full.' });
  const order = await place();
  expect(order).toMatchObject({ status: 'waiting', attempts: [], trouble: expect.stringContaining('It is full') });
  const calls = await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff });
  expect(await calls.json()).toMatchObject({ calls: [] });
  nodesAnswer({ outcome: 'taken' });
  expect(await alarmAt(mondayMs + 15_000)).toBe(true);
  expect(await read(order.id)).toMatchObject({ status: 'dialling', trouble: null });
  expect(given).toHaveLength(2);
});

it('keeps to the calls at a time and the calls a day', async () => {
  const { place, read, over, given, setClock } = await setUpCalls({
    outbound: { ...defaultOutboundRules, concurrent: 1, perDay: 2 },
  });
  const first = await place();
  const second = await place({ to: '+13035550124' });
  await setClock(mondayMs + 1);
  const third = await place({ to: '+13035550125' });
  expect([first.status, second.status, third.status]).toEqual(['dialling', 'waiting', 'waiting']);
  await over(given[0]?.callId ?? '', 'answered');
  expect((await read(second.id)).status).toBe('dialling');
  await over(given[1]?.callId ?? '', 'answered');
  expect(await read(third.id)).toMatchObject({
    status: 'waiting',
    nextAttemptMs: instantOf('2035-03-06', '08:00', denver),
  });
});

it('is cancelled before it is dialled, or hung up', async () => {
  const { business, place, hungUp, given } = await setUpCalls();
  const cancel = (id: string): Promise<Response> =>
    request('POST', `/v1/calls/outbound/${id}/cancel?business=${business}`, { headers: asStaff });
  const waiting = await place({ notBeforeMs: mondayMs + hourMs });
  expect(await (await cancel(waiting.id)).json()).toMatchObject({ status: 'cancelled', nextAttemptMs: null });
  const dialling = await place({ to: '+13035550124' });
  expect(await (await cancel(dialling.id)).json()).toMatchObject({ status: 'cancelled' });
  expect(hungUp).toEqual([given[0]?.callId]);
});

it('checks what an order names', async () => {
  const { business, order, setClock } = await setUpCalls();
  const status = async (more: Record<string, unknown>): Promise<number> =>
    (await order(outreach(business, more))).status;
  expect(await status({ reason: 'just-because' })).toBe(404);
  expect(await status({ to: '911' })).toBe(400);
  expect(await status({ to: 'sip:anna@pbx.example:5060\r\nX: 1' })).toBe(400);
  expect(await status({ consent: undefined })).toBe(400);
  expect(await status({ playbook: '0'.repeat(64) })).toBe(404);
  expect(await status({ notAfterMs: mondayMs - 1 })).toBe(400);
  expect(await status({ business: 'nobody' })).toBe(404);
  expect(await status({ purpose: 'confirm-appointment', appointmentId: crypto.randomUUID() })).toBe(403);
  const withoutKey = await request('POST', '/v1/calls', { headers: asStaff, body: outreach(business) });
  expect(await refusalOf(withoutKey)).toMatchObject({ status: 400, field: 'Idempotency-Key' });
  const asNobody = await request('POST', '/v1/calls', { headers: asNode, body: outreach(business) });
  expect(asNobody.status).toBe(401);
  await setClock(mondayMs);
});

it('calls about an appointment only while there is one', async () => {
  const { business, order, given, place, read, alarmAt } = await setUpCalls();
  const startMs = instantOf('2035-03-12', '09:00', denver);
  const booked = await request('POST', '/v1/node/bookings', {
    headers: asNode,
    body: {
      business,
      callId: crypto.randomUUID(),
      requestId: 'one',
      service: 'roof-inspection',
      startMs,
      attendee: { name: 'Susan Miller', phone: susan },
    },
  });
  const { appointment } = v.parse(v.object({ appointment: v.object({ id: Uuid }) }), await booked.json());
  const body = { business, to: susan, purpose: 'confirm-appointment', appointmentId: appointment.id };
  expect((await order(body)).status).toBe(201);
  expect(given[0]?.purpose).toMatchObject({ kind: 'confirm-appointment', appointment: { startMs } });
  const later = await place({
    purpose: 'confirm-appointment',
    appointmentId: appointment.id,
    notBeforeMs: mondayMs + hourMs,
  });
  const change = { business, callId: crypto.randomUUID(), requestId: 'two', appointmentId: appointment.id };
  await request('POST', '/v1/node/appointments/cancel', { headers: asNode, body: change });
  await alarmAt(mondayMs + hourMs);
  expect(await read(later.id)).toMatchObject({ status: 'refused', refusal: { rule: 'window-over' } });
});

it('lists orders, newest first, by status', async () => {
  const { business, place, setClock } = await setUpCalls();
  const first = await place({ notBeforeMs: mondayMs + hourMs });
  await setClock(mondayMs + 1);
  const second = await place({ to: '+13035550124' });
  const list = async (query = ''): Promise<unknown> =>
    (await request('GET', `/v1/calls/outbound?business=${business}${query}`, { headers: asStaff })).json();
  expect(await list()).toMatchObject({ orders: [{ id: second.id }, { id: first.id }] });
  expect(await list('&status=waiting')).toMatchObject({ orders: [{ id: first.id }] });
  expect((await request('GET', '/v1/calls/outbound', { headers: asStaff })).status).toBe(400);
});
