import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { bookingCaller, bookingFacts } from '../caller/personas.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordErrorRate, wordsOf } from '../speech/word-error-rate.ts';
import { PhoneCaller } from './phone-caller.ts';
import { dialled, type PhoneProduct, startPhoneProduct } from './phone-product.ts';

const number = '+17205550199';
/** From the node's last frame to the recording, generously. */
const downstreamMs = 400;
/** Frames that a busy machine sends too late are in no recording, which is then shorter than the call. */
const missingMs = 600;
let product: PhoneProduct;
let caller: PhoneCaller | undefined;

beforeAll(async () => void (product = await startPhoneProduct()));
afterEach(async () => {
  await caller?.phone.stop();
  caller = undefined;
});
afterAll(async () => await product?.stop());

test('a softphone is answered by the agent, heard and understood, and its record is whole when it hangs up', async () => {
  caller = await PhoneCaller.call(product, { number });
  // A telephone's narrow band is hard to understand: a caller says it again when asked to.
  await caller.converse({
    voice: 'rms',
    rules: [{ when: /help with your roof|repair, or/i, say: 'i need a new roof', times: 3 }],
  });
  caller.phone.hangUp();
  const record = await expectCompleteRecord(product, caller.callId, 'caller-hang-up');

  expect(record.summary.door).toBe('phone');
  expect(factsOf(record, 'call-start')).toMatchObject([{ callerNumber: number, dialledNumber: dialled }]);
  expect(agentSentences(record)[0]).toContain("I'm an AI assistant");
  expect(record.lead?.answers['need']?.value).toBe('new-roof');
  const [quality] = factsOf(record, 'line-quality');
  expect(quality?.packetsReceived).toBeGreaterThan(300);
  expect(quality?.packetsLost).toBe(0);

  // The recording begins with our first packet, when the call is answered.
  const { pcm } = await caller.phone.heard();
  const answeredMs = record.events.find(({ fact }) => fact.type === 'media-connected')?.atMs ?? 0;
  let compared = 0;
  for (const { heardText, startMs, endMs } of factsOf(record, 'agent-turn')) {
    const part = pcm.subarray(
      Math.max(0, 8 * (startMs - answeredMs - missingMs)),
      8 * (endMs - answeredMs + downstreamMs),
    );
    const sound = { sampleRateHz: 16_000, pcm: new BandExtension().push(part) };
    const { words, unknownWords } = await transcribe(sound, agentSentences(record));
    const said = wordsOf(heardText);
    // The business's own name is in no dictionary: such turns cannot be compared.
    if (said.length < 5 || said.some((word) => unknownWords.has(word))) continue;
    compared += 1;
    expect(wordErrorRate(said, [...words]), `"${heardText}" was heard as "${words.join(' ')}"`).toBeLessThanOrEqual(
      0.25,
    );
  }
  expect(compared).toBeGreaterThanOrEqual(2);
});

test('over TLS and SRTP a caller books an appointment, and the agent hangs up after its goodbye', async () => {
  caller = await PhoneCaller.call(product, { number, transport: 'tls', encryption: 'srtp-mand' });
  await caller.converse(bookingCaller('rms'));
  const record = await expectCompleteRecord(product, caller.callId, 'agent-goodbye', 60_000);
  await caller.phone.waitForEnd();
  expect(record.summary.outcome).toBe('appointment-booked');
  expect(record.lead?.name).toBe(bookingFacts.name);
  const appointments = (await product.staff.appointments()).filter(({ callId }) => callId === caller?.callId);
  expect(appointments).toHaveLength(1);
  expect(factsOf(record, 'line-quality')).toMatchObject([{ encrypted: true }]);
});

test('over TCP with A-law: on hold the agent waits, then goes on; key 0 asks for a person', async () => {
  caller = await PhoneCaller.call(product, { number, codec: 'pcma', transport: 'tcp' });
  await caller.agentTurn();
  caller.phone.hold();
  await caller.phone.waitForLog(/hold/i, 'the call to be held');
  caller.phone.resume();
  caller.phone.press('0');
  const answer = await caller.agentTurn();
  caller.phone.hangUp();
  const record = await expectCompleteRecord(product, caller.callId, 'caller-hang-up');
  expect(factsOf(record, 'caller-turn')).toMatchObject([{ text: 'I want to talk to a person', typed: true }]);
  const decision = factsOf(record, 'decision').find((fact) => fact.record.trigger === 'caller-said');
  expect(decision?.record.understood.intents.map(({ id }) => id)).toContain('human');
  expect(answer).not.toBe('');
});

test('a telephone that dies without a word ends its call as lost, with its record', async () => {
  caller = await PhoneCaller.call(product, { number });
  await caller.agentTurn();
  await caller.phone.kill();
  const record = await expectCompleteRecord(product, caller.callId, 'connection-lost', 60_000);
  expect(factsOf(record, 'line-quality')[0]?.packetsReceived).toBeGreaterThan(200);
});

function agentSentences(record: Awaited<ReturnType<typeof expectCompleteRecord>>): string[] {
  return factsOf(record, 'agent-turn').map(({ heardText }) => heardText);
}
