import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { SignJWT, decodeJwt } from 'jose';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../contract/session.ts';
import { launchChromium } from '../caller/chromium.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { requestSession, SignalingClient } from '../product/signaling-client.ts';
import { factsOf } from '../product/staff-client.ts';

let product: Product;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchChromium({ microphone: 'allow' });
  origin = new URL(product.siteUrl).origin;
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function session(): Promise<Session> {
  const answer = await requestSession(product, { mode: 'text', consentVersion: product.consentVersion });
  if (answer.status === 'refused') throw new Error(JSON.stringify(answer.problem));
  return answer.session;
}

const connect = (): Promise<SignalingClient> => SignalingClient.connect(product.stack.urls.signaling, origin);

/** The claims of a real token, changed, and signed with a key of ours. */
async function forged(token: string, key: string, claims: Record<string, unknown> = {}): Promise<string> {
  const signer = new SignJWT({ ...decodeJwt(token), ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' });
  return await signer.sign(new TextEncoder().encode(key));
}

/** A call by text, greeted: the node still serves. */
async function expectCallsStillWork(): Promise<void> {
  const client = await connect();
  client.send({ type: 'hello', token: (await session()).token, mode: 'text' });
  await client.next('welcome');
  client.send({ type: 'ready' });
  await client.next('caption');
  client.send({ type: 'hang-up' });
  client.close();
}

test('a page of a foreign origin gets no session', async () => {
  const answer = await requestSession(product, {
    mode: 'voice',
    consentVersion: product.consentVersion,
    origin: 'https://evil.example',
  });
  expect(answer).toMatchObject({
    status: 'refused',
    httpStatus: 403,
    problem: { error: { code: 'forbidden-origin' } },
  });
});

test('a stale consent version gets no session, and the answer names the field', async () => {
  const answer = await requestSession(product, { mode: 'voice', consentVersion: 'long-ago' });
  expect(answer).toMatchObject({
    status: 'refused',
    httpStatus: 409,
    problem: { error: { field: 'consent.version' } },
  });
});

test('a token signed with another key is refused', async () => {
  const client = await connect();
  client.send({ type: 'hello', token: await forged((await session()).token, 'x'.repeat(32)), mode: 'text' });
  expect(await client.next('problem')).toMatchObject({ code: 'token-invalid', action: expect.stringMatching(/\w/) });
  await client.closed;
});

test('an expired token is refused as expired', async () => {
  const key = product.stack.secrets.SESSION_KEY;
  const client = await connect();
  const exp = Math.floor(Date.now() / 1_000) - 120;
  client.send({ type: 'hello', token: await forged((await session()).token, key, { exp }), mode: 'text' });
  expect((await client.next('problem')).code).toBe('token-expired');
  await client.closed;
});

test('a second connection with the same token is refused; the first call goes on', async () => {
  const { token } = await session();
  const first = await connect();
  first.send({ type: 'hello', token, mode: 'text' });
  const { callId } = await first.next('welcome');
  first.send({ type: 'ready' });
  await first.next('caption');
  const second = await connect();
  second.send({ type: 'hello', token, mode: 'text' });
  expect((await second.next('problem')).code).toBe('token-used');
  await second.closed;
  const fromIndex = first.messages.length;
  first.send({ type: 'say', text: 'I need a new roof' });
  await first.next('caption', { fromIndex });
  first.send({ type: 'hang-up' });
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(record, 'call-start')).toHaveLength(1);
  first.close();
});

test.each([
  ['not JSON', '{"type":"hel'],
  ['no known type', '{"type":"open-sesame"}'],
  ['the wrong shape', '{"type":"hello","token":5,"mode":"voice"}'],
  ['a first message other than hello', '{"type":"ready"}'],
])('a message that is %s gets a problem that says what to do, and no call', async (_what, text) => {
  const client = await connect();
  client.sendRaw(text);
  const problem = await client.next('problem');
  expect(problem.code).toBe('bad-request');
  expect(problem.action).not.toBe('');
  expect(client.messages.some(({ type }) => type === 'welcome')).toBe(false);
  client.close();
});

test('a message over 64 kB is refused and the node serves on', async () => {
  const client = await connect();
  client.sendRaw(JSON.stringify({ type: 'hello', token: 'x'.repeat(70_000), mode: 'text' }));
  expect((await client.next('problem')).code).toBe('too-large');
  await client.closed;
  const larger = await connect();
  larger.sendRaw('x'.repeat(2_000_000));
  await larger.closed;
  await expectCallsStillWork();
});

test('nonsense in mid-call is answered with a problem; the call goes on', async () => {
  const client = await connect();
  client.send({ type: 'hello', token: (await session()).token, mode: 'text' });
  const { callId } = await client.next('welcome');
  client.send({ type: 'ready' });
  await client.next('caption');
  client.sendRaw('{"type":"say","text":""}');
  await client.next('problem');
  const fromIndex = client.messages.length;
  client.send({ type: 'say', text: 'I need a new roof' });
  await client.next('caption', { fromIndex });
  client.send({ type: 'hang-up' });
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  client.close();
});

test('garbage at the media port does not harm a call', async () => {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: 'rms' });
  await caller.waitForAgentTurn();
  await sendGarbage(product.stack.ports.rtc, 2_000);
  await caller.say('i need a new roof');
  await sendGarbage(product.stack.ports.rtc, 2_000);
  await caller.waitForAgentTurn();
  await hangUp(caller);
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  expect(factsOf(record, 'media-restarted')).toEqual([]);
  expect(product.stack.mediaNode.restarts).toBe(0);
  await caller.close();
});

/** Random bytes, and packets that look like RTP, STUN and DTLS up to their first bytes. */
async function sendGarbage(port: number, packets: number): Promise<void> {
  const socket = createSocket('udp4');
  const firstBytes = [0x80, 0x90, 0x00, 0x01, 0x14, 0x16, 0xff];
  for (let index = 0; index < packets; index += 1) {
    const packet = randomBytes(1 + (index % 1_400));
    packet[0] = firstBytes[index % firstBytes.length] ?? 0;
    await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve));
  }
  await new Promise<void>((resolve) => socket.close(resolve));
}
