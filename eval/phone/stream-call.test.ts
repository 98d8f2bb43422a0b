import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { eventually } from '../product/eventually.ts';
import { type Product, startProduct } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordErrorRate, wordsOf } from '../speech/word-error-rate.ts';
import { dialled } from './phone-product.ts';
import { StreamPhone } from './stream-phone.ts';

const from = '+17205550199';
const authToken = 'a-twilio-token-of-this-test';
/** From the node's last frame to the caller, generously. */
const downstreamMs = 400;
let product: Product;
let phone: StreamPhone | undefined;

beforeAll(async () => {
  const control = {
    PHONE_NUMBERS: JSON.stringify({ [dialled]: 'ridgeline-roofing' }),
    CARRIER_ACCOUNTS: JSON.stringify([{ carrier: 'twilio', name: 'main', authToken }]),
  };
  product = await startProduct({ env: { control } });
});
afterEach(() => phone?.hangUp());
afterAll(async () => await product?.stop());

test('a caller whose carrier streams the call is heard and understood, hears the agent, and its record is whole', async () => {
  phone = await StreamPhone.call({ control: product.stack.urls.control, authToken, from, to: dialled });
  const line = phone;
  const [{ callId } = { callId: '' }] = await eventually(
    async () => ((await product.staff.calls()).length > 0 ? await product.staff.calls() : undefined),
    { timeoutMs: 10_000, what: 'the call to be recorded' },
  );
  const agentTurns = async () => factsOf(await product.staff.record(callId), 'agent-turn');
  const spoken = (turns: number) =>
    eventually(async () => ((await agentTurns()).length > turns && line.silentFor(1_000) ? true : undefined), {
      timeoutMs: 40_000,
      what: `the agent to have spoken ${turns + 1} times`,
    });
  await spoken(0);
  const need = async () => (await product.staff.record(callId)).lead?.answers['need']?.value;
  // A telephone's narrow band is hard to understand: a caller says it again when asked to.
  for (let tries = 0; tries < 3 && (await need()) === undefined; tries += 1) {
    const before = (await agentTurns()).length;
    await line.say('i need a new roof', 'rms');
    await spoken(before);
  }
  expect(await need()).toBe('new-roof');
  line.hangUp();
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(record.summary.door).toBe('phone');
  expect(factsOf(record, 'call-start')).toMatchObject([{ callerNumber: from, dialledNumber: dialled }]);
  expect(line.carrier.faults).toEqual([]);

  const turns = factsOf(record, 'agent-turn');
  const sentences = turns.map(({ heardText }) => heardText);
  const pcm = line.heard;
  let compared = 0;
  for (const { heardText, startMs, endMs } of turns) {
    const part = pcm.subarray(8 * (startMs - line.startedMs), 8 * (endMs - line.startedMs + downstreamMs));
    const { words, unknownWords } = await transcribe(
      { sampleRateHz: 16_000, pcm: new BandExtension().push(part) },
      sentences,
    );
    const said = wordsOf(heardText);
    // The business's own name is in no dictionary: such turns cannot be compared.
    if (said.length < 5 || said.some((word) => unknownWords.has(word))) continue;
    compared += 1;
    expect(wordErrorRate(said, [...words]), `"${heardText}" was heard as "${words.join(' ')}"`).toBeLessThanOrEqual(
      0.25,
    );
  }
  expect(compared).toBeGreaterThanOrEqual(1);
});
