import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import type { BrowserContext, Page } from 'playwright-core';
import { levelOf, toFrames } from '../../server/audio/frame.ts';
import { decodeG711, encodeG711 } from '../../server/audio/g711.ts';
import { OpusDecoder, OpusEncoder } from '../../server/audio/opus.ts';
import { resample } from '../../server/audio/resampler.ts';
import { bundlePage } from '../caller/bundle-page.ts';
import { launchChromium } from '../caller/chromium.ts';
import { samplesFromBase64, samplesToBase64 } from '../page/base64.ts';
import type { PersonSetup } from '../page/person-api.ts';
import { callerSpeech } from '../speech/caller-voice.ts';
import { BandExtension } from '../../server/audio/band-extension.ts';
import { compileFolder } from '../../scripts/start/seed.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { eventually } from '../product/eventually.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { AnsweringPhone } from './answering-phone.ts';
import { Baresip } from './baresip.ts';
import { handoverPlaybook, person } from './handover-playbook.ts';
import { HandsetSignaling } from './handset-signaling.ts';
import { PacketPhone } from './packet-phone.ts';
import { PhoneCaller } from './phone-caller.ts';
import { dialled, freeSipPort, type PhoneProduct, startPhoneProduct } from './phone-product.ts';

const number = '+17205550199';
let product: PhoneProduct;
let playbookDir: string;
let personPort: number;
let caller: PhoneCaller | undefined;
let dana: Baresip | undefined;

beforeAll(async () => {
  playbookDir = await handoverPlaybook({ way: 'bridge', ringSeconds: 6 });
  personPort = await freeSipPort();
  const trunk = { name: 'loopback', addresses: ['127.0.0.1'], address: `127.0.0.1:${personPort}`, dial: ['+1303.'] };
  product = await startPhoneProduct({ playbookDir, env: { PARLEY_SIP_TRUNKS: JSON.stringify([trunk]) } });
});
afterEach(async () => {
  await caller?.phone.stop();
  await dana?.stop();
  caller = dana = undefined;
});
afterAll(async () => {
  await product?.stop();
  await rm(playbookDir, { recursive: true, force: true });
});

/** Dana's telephone is on; a caller dials the business and asks for a person. */
async function askForPerson(): Promise<{ phone: Baresip; callId: string; dana: Baresip }> {
  dana = await Baresip.start({ number: person.number, port: personPort });
  caller = await PhoneCaller.call(product, { number });
  caller.phone.press('0');
  caller.phone.press('#');
  return { phone: caller.phone, callId: caller.callId, dana };
}

async function until(callId: string, what: string, holds: (record: CallRecord) => boolean): Promise<void> {
  await eventually(async () => (holds(await product.staff.record(callId)) ? true : undefined), {
    timeoutMs: 30_000,
    what,
  });
}

const has = (type: CallRecord['events'][number]['fact']['type']) => (record: CallRecord) =>
  record.events.some(({ fact }) => fact.type === type);
const says = (words: string) => (record: CallRecord) =>
  factsOf(record, 'agent-turn').some(({ heardText }) => heardText.includes(words));

const decides = (rule: string) => (record: CallRecord) =>
  factsOf(record, 'decision').some(({ record: { chosen } }) => chosen.rule === rule);

/** What somebody heard, as the recogniser makes it out who knows these sentences. */
async function heardBy(phone: Baresip, sentences: readonly string[]): Promise<string> {
  const { pcm } = await phone.heard();
  return await wordsIn(pcm, sentences);
}

/** @param pcm at 8,000 Hz. */
async function wordsIn(pcm: Int16Array, sentences: readonly string[]): Promise<string> {
  const { words } = await transcribe({ sampleRateHz: 16_000, pcm: new BandExtension().push(pcm) }, sentences);
  return words.join(' ');
}

/** Words that nobody else says. On a busy machine the softphones stutter: one of them may be lost. */
function expectHeard(heard: string, words: readonly string[]): void {
  const found = words.filter((word) => heard.split(' ').includes(word));
  expect(found.length, `"${heard}" has ${found.join(', ')}`).toBeGreaterThanOrEqual(words.length - 1);
}

test('a person picks up, is told what it is about, presses 1, and talks with the caller until they hang up', async () => {
  const { phone, callId, dana: telephone } = await askForPerson();
  await telephone.pickUp();
  await until(callId, 'the person to have picked up', has('handover-answered'));
  telephone.press('1');
  await until(callId, 'the two to be joined', has('handover-joined'));
  await phone.say('the water comes through the kitchen ceiling', 'rms');
  await telephone.say('we can send somebody on friday morning', 'awb');
  await eventually(async () => ((await telephone.silentFor(1_500)) && (await phone.silentFor(1_500))) || undefined, {
    timeoutMs: 20_000,
    what: 'both to have spoken',
  });
  const sentences = [
    'the water comes through the kitchen ceiling',
    'we can send somebody on friday morning',
    'to take the call press one',
    'to leave it to me press two',
  ];
  expectHeard(await heardBy(telephone, sentences), ['water', 'kitchen', 'ceiling']);
  expectHeard(await heardBy(phone, sentences), ['somebody', 'friday', 'morning']);
  telephone.hangUp();
  const record = await expectCompleteRecord(product, callId, 'agent-goodbye', 30_000);
  expect(record.summary.outcome).toBe('transferred');
  expect(says('I am putting you through.')(record)).toBe(true);
  expect(factsOf(record, 'handover-end')).toMatchObject([{ person: person.id, result: 'talked', leftBy: 'person' }]);
  // What people say to each other is theirs.
  expect(JSON.stringify(record.events)).not.toMatch(/kitchen|friday/i);
});

/** The caller is a telephone whose packets are in the test's hand. */
async function dialByPacket(phone: PacketPhone): Promise<{ signaling: HandsetSignaling; callId: string }> {
  const known = new Set((await product.staff.calls()).map((call) => call.callId));
  const signaling = await HandsetSignaling.call({ port: product.sipPort, number, dialled, rtpPort: phone.port });
  phone.sendTo(signaling.remotePort);
  const callId = await eventually(
    async () => (await product.staff.calls()).find((call) => !known.has(call.callId))?.callId,
    { timeoutMs: 10_000, what: 'the call to be recorded' },
  );
  return { signaling, callId };
}

/** Two seconds of bytes that no encoder would make of anything. */
const noise = (seed: number): Uint8Array[] =>
  Array.from({ length: 100 }, (_, n) => Uint8Array.from({ length: 160 }, (__, at) => (n * 31 + at * seed) & 0xff));

const opus = { payloadType: 111, name: 'opus/48000/2' };

/** Two seconds of 400 Hz. */
function opusTone(): Uint8Array[] {
  const encoder = new OpusEncoder();
  const tone = Int16Array.from({ length: 32_000 }, (_, n) => 8_000 * Math.sin((2 * Math.PI * 400 * n) / 16_000));
  return toFrames(tone).map((frame) => encoder.encode(frame));
}

/** It is there in µ-law, nearly without holes: on a busy machine a clock may be late. */
function expectTone(payloads: readonly Uint8Array[]): void {
  const loud = payloads.map((payload) => levelOf(decodeG711('PCMU', payload)) > 3_000);
  const heard = loud.slice(loud.indexOf(true), loud.lastIndexOf(true) + 1);
  expect(heard.length).toBeGreaterThan(80);
  expect(heard.filter((one) => one).length / heard.length).toBeGreaterThan(0.9);
}

test('the bytes that one telephone sends are those that the other gets, until the caller’s codec changes', async () => {
  const telephone = await AnsweringPhone.open(personPort);
  const mouth = await PacketPhone.open();
  const { signaling, callId } = await dialByPacket(mouth);
  try {
    mouth.press('0#');
    await telephone.answered;
    // The caller speaks µ-law: the person is asked for it before anything else.
    expect(telephone.offered[0]).toBe(0);
    await until(callId, 'the person to have picked up', has('handover-answered'));
    telephone.audio.press('1');
    await until(callId, 'the two to be joined', has('handover-joined'));

    const [callers, persons] = [noise(7), noise(13)];
    mouth.say(callers);
    telephone.audio.say(persons);
    const hex = (payloads: readonly Uint8Array[]): string =>
      payloads.map((one) => Buffer.from(one).toString('hex')).join();
    const payloads = ({ got }: PacketPhone): string => hex(got.map(({ payload }) => payload));
    await eventually(
      () =>
        Promise.resolve(
          (payloads(telephone.audio).includes(hex(callers)) && payloads(mouth).includes(hex(persons))) || undefined,
        ),
      { timeoutMs: 10_000, what: 'every byte to have come, in order' },
    );

    await signaling.change(opus);
    telephone.audio.got.length = 0;
    mouth.say(opusTone(), opus.payloadType);
    await eventually(() => Promise.resolve(mouth.spoken || undefined), { timeoutMs: 10_000, what: 'it to be said' });
    expectTone(telephone.audio.got.map(({ payload }) => payload));

    await signaling.hangUp();
    const record = await expectCompleteRecord(product, callId, 'caller-hang-up', 30_000);
    expect(factsOf(record, 'handover-end')).toMatchObject([{ person: person.id, result: 'talked', leftBy: 'caller' }]);
    expect(factsOf(record, 'line-quality')).toMatchObject([{ codec: 'opus' }]);
  } finally {
    signaling.close();
    mouth.close();
    telephone.close();
  }
});

test('nobody picks up: the caller hears so, is promised a call back, and the telephone stops ringing', async () => {
  const { callId, phone, dana: telephone } = await askForPerson();
  await until(callId, 'the caller to hear the truth', says('Dana from our office did not pick up.'));
  await until(callId, 'a call back to be offered', says('Someone can call you back.'));
  await telephone.waitForEnd();
  phone.hangUp();
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(says('I am calling Dana from our office now.')(record)).toBe(true);
  expect(factsOf(record, 'handover-end')).toMatchObject([{ result: 'no-answer' }]);
});

test('the line is busy: the agent goes on', async () => {
  const { callId, phone, dana: telephone } = await askForPerson();
  await telephone.waitForLog(/incoming call/i, 'a call to ring');
  // Refused with 486 by this telephone.
  telephone.hangUp();
  await until(callId, 'the agent to know', decides('transfer-busy'));
  phone.hangUp();
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(record, 'handover-end')).toMatchObject([{ result: 'busy' }]);
});

test('key 2 leaves the call to the agent', async () => {
  const { callId, phone, dana: telephone } = await askForPerson();
  await telephone.pickUp();
  await until(callId, 'the person to have picked up', has('handover-answered'));
  telephone.press('2');
  await until(callId, 'the agent to know', decides('transfer-rejected'));
  phone.hangUp();
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(record, 'handover-end')).toMatchObject([{ result: 'rejected' }]);
});

test('the caller hangs up while it rings: the telephone stops ringing', async () => {
  const { callId, phone, dana: telephone } = await askForPerson();
  await telephone.waitForLog(/incoming call/i, 'a call to ring');
  phone.hangUp();
  await telephone.waitForEnd();
  const record = await expectCompleteRecord(product, callId, 'caller-hang-up');
  expect(factsOf(record, 'handover-end')).toMatchObject([{ result: 'cancelled' }]);
});

test('by REFER: the trunk calls the person, and the call is theirs; where they are busy, the agent has it back', async () => {
  const folder = await handoverPlaybook({
    way: 'refer',
    ringSeconds: 6,
    sip: `sip:${person.number}@127.0.0.1:${personPort}`,
  });
  await product.staff.put('/playbook', await compileFolder(folder));
  await rm(folder, { recursive: true, force: true });

  const refused = await askForPerson();
  await refused.dana.waitForLog(/incoming call/i, 'a call to ring');
  refused.dana.hangUp();
  await until(refused.callId, 'the agent to know', decides('transfer-busy'));
  await refused.phone.stop();
  await refused.dana.stop();

  const { callId, phone, dana: telephone } = await askForPerson();
  await telephone.pickUp();
  const record = await expectCompleteRecord(product, callId, 'transferred', 30_000);
  expect(record.summary.outcome).toBe('transferred');
  expect(factsOf(record, 'handover-end')).toMatchObject([{ person: person.id, result: 'passed-on' }]);
  await telephone.say('we can send somebody on friday morning', 'awb');
  await eventually(
    async () => (await heardBy(phone, ['we can send somebody on friday morning'])).includes('friday') || undefined,
    {
      timeoutMs: 20_000,
      what: 'the caller to hear the person without us',
    },
  );
});

test('a person takes the call in a browser: they read what it is about, accept, and each gets the very bytes of the other', async () => {
  const folder = await handoverPlaybook({ way: 'browser', ringSeconds: 40 });
  await product.staff.put('/playbook', await compileFolder(folder));
  await rm(folder, { recursive: true, force: true });
  const [water, friday] = ['the water comes through the kitchen ceiling', 'we can send somebody on friday morning'];
  const browser = await launchChromium({ microphone: 'allow' });
  const phone = await PacketPhone.open();
  const { signaling, callId } = await dialByPacket(phone);
  try {
    const page = await openPersonPage(await browser.newContext({ bypassCSP: true }), product.siteUrl);
    phone.press('0#');
    await until(callId, 'the call to wait for a person', has('handover-ringing'));
    const { token, signalingUrl } = await product.staff.join(callId);
    const briefing = await page.evaluate((session) => parleyPerson.join(session), { token, signalingUrl });
    expect(briefing).toContain('The caller asked to talk to a person');
    await page.evaluate(() => parleyPerson.accept());
    await until(callId, 'the two to be joined', has('handover-joined'));
    const fromMs = Date.now();
    // First what came, then what was sent: nothing sent may have come before.
    phone.got.length = 0;
    await page.evaluate(() => parleyPerson.packets());
    const [callers, persons] = [await callerSpeech(water, 'rms'), await callerSpeech(friday, 'awb')];
    const spoken = inPackets(resample(callers.sound.pcm, callers.sound.sampleRateHz, 8_000));
    phone.say(spoken);
    await page.evaluate((speech) => parleyPerson.say(speech), samplesToBase64(persons.sound.pcm));
    const [sent, came]: [string[], string[]] = [[], []];
    await eventually(
      async () => {
        const more = await page.evaluate(() => parleyPerson.packets());
        sent.push(...more.sent);
        came.push(...more.came);
        return came.join().includes(inBase64(spoken)) || undefined;
      },
      { timeoutMs: 10_000, what: 'every byte of the caller to have come, in order' },
    );
    expect(new Set(sent.map((payload) => Buffer.from(payload, 'base64').length))).toEqual(new Set([160]));
    const heardAtPhone = (): Uint8Array[] => phone.got.map(({ payload }) => payload);
    await eventually(() => Promise.resolve(inBase64(heardAtPhone()).includes(sent.join()) || undefined), {
      timeoutMs: 5_000,
      what: 'every byte of the page to have come, in order',
    });
    const inPage = samplesFromBase64(
      await page.evaluate(([from, to]) => parleyPerson.recording(from, to), [fromMs, Date.now()] as const),
    );
    expectHeard(await wordsIn(resample(inPage, 48_000, 8_000), [water, friday]), ['water', 'kitchen', 'ceiling']);
    const atPhone = decodeG711('PCMU', Buffer.concat(heardAtPhone()));
    expectHeard(await wordsIn(atPhone, [water, friday]), ['somebody', 'friday', 'morning']);

    await signaling.change(opus);
    phone.got.length = 0;
    phone.say(opusTone(), opus.payloadType);
    await page.evaluate((speech) => parleyPerson.say(speech), samplesToBase64(persons.sound.pcm));
    const later = await page.evaluate(() => parleyPerson.packets());
    expectTone(later.came.map((payload) => Buffer.from(payload, 'base64')));
    const decoder = new OpusDecoder();
    expect(Math.max(...heardAtPhone().map((payload) => levelOf(decoder.decode(payload))))).toBeGreaterThan(500);

    await page.evaluate(() => parleyPerson.hangUp());
    const record = await expectCompleteRecord(product, callId, 'agent-goodbye', 30_000);
    expect(factsOf(record, 'handover-end')).toMatchObject([{ result: 'talked', leftBy: 'person' }]);
  } finally {
    signaling.close();
    phone.close();
    await browser.close();
  }
});

const inBase64 = (payloads: readonly Uint8Array[]): string =>
  payloads.map((payload) => Buffer.from(payload).toString('base64')).join();

/** 20 ms each, in µ-law; what is left over at the end is not said. */
function inPackets(pcm: Int16Array): Uint8Array[] {
  return Array.from({ length: Math.floor(pcm.length / 160) }, (_, n) =>
    encodeG711('PCMU', pcm.subarray(160 * n, 160 * (n + 1))),
  );
}

/** Any page that the demo site serves will do. */
async function openPersonPage(context: BrowserContext, siteUrl: string): Promise<Page> {
  const [workletSource, script] = await Promise.all([bundlePage('worklets.ts'), bundlePage('person-page.ts')]);
  const setup: PersonSetup = { workletSource };
  const page = await context.newPage();
  await page.goto(new URL('/healthz', siteUrl).href);
  await page.addScriptTag({ content: `const personSetup = ${JSON.stringify(setup)};\n${script}` });
  return page;
}
