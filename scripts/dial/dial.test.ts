import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { CallOrder } from '../../contract/outbound.ts';
import { sampleRecord } from '../call/sample-record.ts';
import { dial, exitCodes } from './dial.ts';

const plain = { width: 100, timeZone: 'UTC', paint: (_: string, text: string): string => text };
const callId = sampleRecord.summary.callId;
const order = (change: Partial<CallOrder> = {}): CallOrder => ({
  id: '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e60',
  request: {
    business: 'ridgeline-roofing',
    to: '+13035550123',
    purpose: 'call-back',
    contact: { name: 'Susan' },
    consent: { basis: 'asked-for-the-call' },
  },
  status: 'dialling',
  createdAtMs: 1,
  nextAttemptMs: null,
  attempts: [{ callId, node: 'local', startMs: 1, endMs: null, disposition: null }],
  disposition: null,
  refusal: null,
  trouble: null,
  ...change,
});
const withFacts = (facts: CallFact[], endMs: number | null) => ({
  ...sampleRecord,
  summary: { ...sampleRecord.summary, endMs },
  events: facts.map((fact, seq) => ({ seq, atMs: sampleRecord.summary.startMs + seq * 1_000, fact })),
});

/** A control plane that says these things about an order, one after the other, and notes what it is asked to do. */
async function follow(
  answers: { placed?: { status: number; body: unknown }; steps?: { order: CallOrder; record?: unknown }[] },
  signal = new AbortController().signal,
) {
  const asked: string[] = [];
  let step = 0;
  const { placed = { status: 201, body: order() }, steps = [{ order: order() }] } = answers;
  const server = createServer((request, response) => {
    const path = `${request.method} ${request.url?.split('?')[0]}`;
    const now = steps[Math.min(step, steps.length - 1)];
    const reply = (status: number, body: unknown): void => void response.writeHead(status).end(JSON.stringify(body));
    if (request.method === 'POST') asked.push(path);
    if (path === 'POST /v1/calls') return reply(placed.status, placed.body);
    if (path.endsWith('/cancel')) return reply(200, order({ status: 'cancelled' }));
    if (path.startsWith('GET /v1/businesses/')) {
      step += 1;
      return reply(200, now?.record ?? withFacts([], null));
    }
    return reply(200, now?.order);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const source = { controlUrl: `http://127.0.0.1:${port}`, staffKey: 'key', business: 'ridgeline-roofing' };
  const dialled = await dial({
    source,
    order: { to: '+13035550123' },
    layout: plain,
    print: (line) => lines.push(line),
    signal,
    pollMs: 1,
  });
  return { ...dialled, lines, asked };
}

test('shows each thing once, as it happens, and ends with how the call was met', async () => {
  const ringing: CallFact = { type: 'ringing' };
  const machine: CallFact = { type: 'answered-by', who: 'machine', why: 'a beep', afterMs: 2_000 };
  const left: CallFact = { type: 'disposition', disposition: 'voicemail-left' };
  const { lines, exitCode } = await follow({
    steps: [
      { order: order(), record: withFacts([ringing], null) },
      { order: order(), record: withFacts([ringing, machine], null) },
      {
        order: order({ disposition: 'voicemail-left', status: 'done' }),
        record: withFacts([ringing, machine, left], 9),
      },
    ],
  });
  expect(lines.map((line) => line.replace(/^ *[\d:.]+ +/, ''))).toEqual([
    'Calling +13035550123 …',
    '* it rings',
    '* answered by a machine (a beep)',
    '* voicemail left',
    'voicemail left.',
  ]);
  expect(exitCode).toBe(exitCodes.reached);
});

test('a refusal names its rule and what to do', async () => {
  const error = { code: 'call-refused', message: 'It is 22:10.', action: 'Wait.', rule: 'calling-hours' };
  const { lines, exitCode } = await follow({ placed: { status: 403, body: { error } } });
  expect(lines).toEqual(['Refused by the rule calling-hours. It is 22:10. Wait.']);
  expect(exitCode).toBe(exitCodes.refused);
});

test.each([
  ['busy', exitCodes.notReached],
  ['failed', exitCodes.failed],
] as const)('%s: nobody waits at a terminal for the next try', async (disposition, code) => {
  const steps = [{ order: order({ disposition, status: 'waiting' }), record: withFacts([], 9) }];
  const { exitCode, asked } = await follow({ steps });
  expect(exitCode).toBe(code);
  expect(asked.at(-1)).toMatch(/cancel$/);
});

test('a node that cannot dial ends it with its reason', async () => {
  const { lines, exitCode } = await follow({
    steps: [{ order: order({ trouble: 'No trunk may dial it.', attempts: [] }) }],
  });
  expect(lines.at(-1)).toBe('No trunk may dial it.');
  expect(exitCode).toBe(exitCodes.failed);
});

test('Ctrl-C hangs up', async () => {
  const { exitCode, asked } = await follow({}, AbortSignal.abort());
  expect(exitCode).toBe(exitCodes.interrupted);
  expect(asked.at(-1)).toMatch(/cancel$/);
});
