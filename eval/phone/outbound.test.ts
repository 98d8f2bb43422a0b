import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { BandExtension } from '../../server/audio/band-extension.ts';
import type { Sound } from '../../server/audio/wav.ts';
import { eventually } from '../product/eventually.ts';
import { factsOf } from '../product/staff-client.ts';
import { narrowCallerSpeech } from '../speech/caller-voice.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordsOf } from '../speech/word-error-rate.ts';
import { Baresip } from './baresip.ts';
import { placeCall, quietPorts, readOrder, settled, startOutboundProduct } from './outbound-product.ts';
import type { PhoneProduct } from './phone-product.ts';
import { serveSipp } from './sipp.ts';

const numbers = {
  busy: '+13035550111',
  rejected: '+13035550112',
  invalid: '+13035550113',
  ringing: '+13035550114',
  voicemail: '+13035550115',
  person: '+13035550116',
  screening: '+13035550117',
} as const;

let product: PhoneProduct;
let ports: Record<string, number>;

beforeAll(async () => {
  ports = await quietPorts(Object.values(numbers));
  product = await startOutboundProduct(ports);
});
afterAll(() => product?.stop());

test.each([
  ['busy', '486 Busy Here', 486],
  ['rejected', '603 Decline', 603],
  ['invalid', '404 Not Found', 404],
] as const)('%s: the order and the record say so', async (name, refusal, status) => {
  const number = numbers[name];
  const disposition = name === 'invalid' ? 'invalid-number' : name;
  const { done } = await serveSipp({
    scenario: 'uas-refuse.xml',
    port: ports[number] ?? 0,
    args: ['-m', '1'],
    response: refusal,
  });
  const { id } = await placeCall(product, number);
  const order = await settled(product, id);
  await done;
  expect(order).toMatchObject({
    status: name === 'busy' ? 'waiting' : 'done',
    disposition,
    attempts: [{ disposition }],
  });
  const record = await product.staff.endedRecord(order.attempts[0]?.callId ?? '');
  expect(record.summary).toMatchObject({ door: 'phone', endReason: 'not-answered', outcome: 'not-reached' });
  expect(factsOf(record, 'ringing')).toHaveLength(1);
  expect(factsOf(record, 'disposition')).toMatchObject([{ disposition, status }]);
  expect(factsOf(record, 'call-start')).toMatchObject([{ purpose: 'outreach', dialledNumber: number }]);
});

test('who does not answer is not rung for ever, and is tried again later', async () => {
  const number = numbers.ringing;
  const { done } = await serveSipp({ scenario: 'uas-rings.xml', port: ports[number] ?? 0, args: ['-m', '1'] });
  const { id } = await placeCall(product, number);
  const order = await settled(product, id);
  await done;
  expect(order).toMatchObject({ status: 'waiting', disposition: 'no-answer' });
  expect(order.nextAttemptMs).toBeGreaterThan(Date.now() + 3.9 * 3_600_000);
});

/** What a telephone plays when it picks up: speech, and a beep if need be. 16,000 Hz. */
async function greeting(text: string, beeps: boolean): Promise<Sound> {
  const { sound } = await narrowCallerSpeech(text, 'rms');
  const beep = Int16Array.from({ length: 8_000 }, (_, n) =>
    Math.round(6_000 * Math.sin((2 * Math.PI * 1_000 * n) / 16_000)),
  );
  const pause = new Int16Array(8_000);
  const parts = beeps ? [pause, sound.pcm, pause, beep] : [pause, sound.pcm];
  return { sampleRateHz: 16_000, pcm: Int16Array.from(parts.flatMap((part) => [...part])) };
}

async function callee(number: string, answersWith: Sound): Promise<Baresip> {
  const phone = await Baresip.start({ number, port: ports[number] ?? 0, answersWith });
  onTestFinished(() => phone.stop());
  return phone;
}

test('an answering machine gets the message after its beep', async () => {
  const text =
    "Hi, you've reached Susan Miller. I can't take your call right now. Please leave a message after the tone.";
  const phone = await callee(numbers.voicemail, await greeting(text, true));
  const { id } = await placeCall(product, numbers.voicemail);
  const order = await settled(product, id, 60_000);
  expect(order).toMatchObject({ status: 'done', disposition: 'voicemail-left' });
  const record = await product.staff.endedRecord(order.attempts[0]?.callId ?? '');
  expect(factsOf(record, 'answered-by').at(-1)).toMatchObject({ who: 'machine' });
  const left = factsOf(record, 'agent-turn').find(({ act }) => act === 'leave-message');
  expect(left?.text).toContain('Ridgeline Roofing');
  // What the machine has on its tape. The business's own name is in no dictionary: its sentence cannot be compared.
  const heard = new BandExtension().push((await phone.heard()).pcm);
  const sentences = (left?.text ?? '').split(/(?<=[.!?]) /);
  const { words, unknownWords } = await transcribe({ sampleRateHz: 16_000, pcm: heard }, sentences);
  const said = sentences.map(wordsOf).filter((sentence) => sentence.every((word) => !unknownWords.has(word)));
  expect(said.length).toBeGreaterThan(2);
  const kept = said.flat().filter((word) => words.includes(word));
  expect(kept.length / said.flat().length, `heard: ${words.join(' ')}`).toBeGreaterThan(0.7);
});

test('a person is spoken to at once, and the agent says that it is an AI', async () => {
  const phone = await callee(numbers.person, await greeting('Hello?', false));
  const { id } = await placeCall(product, numbers.person);
  const callId = await underWay(id);
  await eventually(async () => factsOf(await product.staff.record(callId), 'agent-turn').at(0), {
    timeoutMs: 20_000,
    what: 'the agent to speak',
  });
  await phone.say('You have the wrong number, there is nobody by that name.', 'rms');
  const order = await settled(product, id, 60_000);
  expect(order).toMatchObject({ status: 'done', disposition: 'answered' });
  const record = await product.staff.endedRecord(callId);
  expect(factsOf(record, 'answered-by')).toMatchObject([{ who: 'person' }]);
  expect(factsOf(record, 'answered-by')[0]?.afterMs).toBeLessThan(2_500);
  expect(
    factsOf(record, 'agent-turn')
      .map(({ text }) => text)
      .join(' '),
  ).toContain('AI');
});

test('an assistant that screens the call is told who calls, and the person behind it is spoken to', async () => {
  const text = "Hi. If you record your name and reason for calling, I'll see if this person is available.";
  const phone = await callee(numbers.screening, await greeting(text, false));
  const { id } = await placeCall(product, numbers.screening);
  const callId = await underWay(id);
  await eventually(
    async () => factsOf(await product.staff.record(callId), 'agent-turn').find(({ act }) => act === 'say-who-calls'),
    { timeoutMs: 40_000, what: 'the agent to say who calls' },
  );
  await phone.say('Hello?', 'rms');
  await eventually(
    async () => factsOf(await product.staff.record(callId), 'answered-by').find(({ who }) => who === 'person'),
    { timeoutMs: 20_000, what: 'the person to be heard' },
  );
  await eventually(
    async () => factsOf(await product.staff.record(callId), 'agent-turn').find(({ act }) => act === 'greet'),
    { timeoutMs: 20_000, what: 'the agent to greet the person' },
  );
  phone.hangUp();
  const order = await settled(product, id, 30_000);
  expect(order).toMatchObject({ status: 'done', disposition: 'answered' });
});

async function underWay(id: string): Promise<string> {
  return await eventually(async () => (await readOrder(product, id)).attempts[0]?.callId, {
    timeoutMs: 10_000,
    what: 'the call to be placed',
  });
}
