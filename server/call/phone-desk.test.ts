import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { Pacer } from '../agent/speak/pacer.ts';
import { SpeechCache } from '../agent/speak/speech-cache.ts';
import { ControlPlane } from '../http/control-plane.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { Gatekeeper } from '../transport/telephone/auth/gatekeeper.ts';
import { TrunkList } from '../transport/telephone/auth/trunk.ts';
import type { InboundLeg } from '../transport/telephone/dialog/inbound-leg.ts';
import { UserAgent } from '../transport/telephone/dialog/user-agent.ts';
import { PortPool } from '../transport/telephone/rtp/port-range.ts';
import { oneWay } from '../transport/telephone/testing/test-network.ts';
import { TestPhone, voiceOffer } from '../transport/telephone/testing/test-phone.ts';
import type { ReadyPlaybook } from './playbooks.ts';
import { PhoneDesk, type PhoneDeskOptions } from './phone-desk.ts';

let bundle: Bundle;
beforeAll(async () => void (bundle = await demoBundle()), 60_000);

let desk: PhoneDesk | undefined;
afterEach(async () => await desk?.endAll('shut-down'));

const noEngine = () => Promise.reject(new Error('Nobody speaks in this test'));
const playbookOf = (of: Bundle): ReadyPlaybook => ({
  bundle: of,
  recognizers: { create: noEngine },
  interjections: { create: noEngine },
  voices: { embedded: new SpeechCache(noEngine) },
});

/** A desk for the sample business, and a telephone that calls it. */
function openDesk(options: Partial<PhoneDeskOptions> = {}) {
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const opened = new PhoneDesk({
    outbox,
    delivery: new Delivery({ outbox, log, send: () => new Promise(() => undefined) }),
    controlPlane: new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' }),
    playbooks: {
      get: () => Promise.resolve(playbookOf(bundle)),
    },
    activePlaybooks: { of: () => Promise.resolve(bundle.hash) },
    numbers: new Map([['+17205550100', bundle.business.id]]),
    countryCode: '1',
    languageModel: undefined,
    detector: () => expect.unreachable(),
    pacer: new Pacer(20, () => performance.now()),
    ports: new PortPool({ from: 43_000, to: 43_999 }),
    host: '127.0.0.1',
    announcedAddress: '192.0.2.1',
    node: 'local',
    now: Date.now,
    maxJoinedMs: 14_400_000,
    log,
    ...options,
  });
  desk = opened;
  const legs: InboundLeg[] = [];
  let ids = 0;
  const agent = new UserAgent({
    local: () => ({ address: '192.0.2.1', port: 5_060 }),
    gatekeeper: new Gatekeeper(new TrunkList([{ name: 'carrier', addresses: ['203.0.113.0/24'] }]), Date.now),
    after: (delayMs, work) => {
      const timer = setTimeout(work, delayMs);
      return () => clearTimeout(timer);
    },
    newId: () => `id${(ids += 1)}`,
    random: () => 0.5,
    network: oneWay,
    vacancy: () => 'free',
    onCall: (leg, trunk) => {
      legs.push(leg);
      opened.take(leg, trunk.name);
    },
  });
  const phone = new TestPhone(agent.transactions);
  const facts = (): CallFact[] =>
    outbox.calls().flatMap(({ callId }) => outbox.pending(callId, 1_000).map(({ fact }) => fact));
  const ended = (): CallFact | undefined => facts().find(({ type }) => type === 'call-end');
  const answered = async (): Promise<void> => {
    phone.send('INVITE', { body: voiceOffer });
    await vi.waitFor(() => expect(phone.statuses).toContain('200 INVITE'));
    phone.send('ACK', { toTag: legs[0]?.dialog.localTag ?? '' });
  };
  const bye = (): void => phone.send('BYE', { cseq: 2, toTag: legs[0]?.dialog.localTag ?? '' });
  return { desk: opened, phone, facts, ended, answered, bye };
}

test.each([
  ['Ann Miller', true, 'Good to hear from you, Ann.'],
  ['Ann Miller', undefined, ''],
  [null, true, ''],
] as const)('a caller known as %s, with greetByName %s, is told %j', async (name, greetByName, expected) => {
  const asked: string[] = [];
  const controlPlane = new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' });
  // Without a network, whose answer might come too late for a greeting.
  controlPlane.findPerson = (_, phone) => {
    asked.push(phone);
    return Promise.resolve({ person: { name, email: null, company: null, lastCallMs: null, calls: 1 } });
  };
  const business = { ...bundle.business, ...(greetByName ? { greetByName } : {}) };
  const { facts, answered } = openDesk({
    controlPlane,
    playbooks: { get: () => Promise.resolve(playbookOf({ ...bundle, business })) },
  });
  await answered();
  const greeting = (): string | undefined => facts().find((fact) => fact.type === 'agent-turn')?.text;
  await vi.waitFor(() => expect(facts().some(({ type }) => type === 'decision')).toBe(true));
  await desk?.endAll('shut-down');
  expect(asked).toHaveLength(greetByName ? 1 : 0);
  if (expected === '') expect(greeting() ?? '').not.toContain('Good to hear');
  else expect(greeting()).toContain(expected);
});

test('the recogniser is told that the caller has a narrow band', async () => {
  const byTelephone = vi.fn();
  const recognizer = {
    byTelephone,
    feed: () => undefined,
    partial: () => Promise.resolve(''),
    finish: () => Promise.resolve({ text: '', confidence: 0, alternatives: [] }),
    discard: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const { answered } = openDesk({
    detector: () => ({ probability: () => Promise.resolve(0) }),
    playbooks: {
      get: () => Promise.resolve({ ...playbookOf(bundle), recognizers: { create: () => Promise.resolve(recognizer) } }),
    },
  });
  await answered();
  await vi.waitFor(() => expect(byTelephone).toHaveBeenCalledOnce());
});

test('a call is recorded from its first event to its last, whoever hangs up', async () => {
  const { desk: taken, phone, facts, ended, answered, bye } = openDesk();
  await answered();
  expect(taken.activeCalls).toBe(1);
  bye();
  await vi.waitFor(() => expect(taken.activeCalls).toBe(0));
  const types = facts().map(({ type }) => type);
  expect(types[0]).toBe('call-start');
  expect(types).toContain('media-connected');
  expect(types.slice(-2)).toEqual(['line-quality', 'call-end']);
  expect(facts()[0]).toMatchObject({ door: 'phone', callerNumber: '+17205550199', dialledNumber: '+17205550100' });
  expect(ended()).toMatchObject({ reason: 'caller-hang-up' });
  expect(phone.requests).toEqual([]);
});

test('when the node stops, callers are hung up on and their records are whole', async () => {
  const { desk: taken, phone, ended, answered } = openDesk();
  await answered();
  await taken.endAll('shut-down');
  expect(phone.requests.map(({ method }) => method)).toEqual(['BYE']);
  expect(ended()).toMatchObject({ reason: 'shut-down' });
});

test('a number that no business has is 404, and there is nothing to record', async () => {
  const { desk: taken, phone, facts } = openDesk();
  phone.send('INVITE', { user: '+17205550111', body: voiceOffer });
  expect(phone.statuses).toEqual(['100 INVITE', '404 INVITE']);
  expect([taken.activeCalls, facts()]).toEqual([0, []]);
});

test('a number in national form, and an extension, find their business too', async () => {
  const { phone } = openDesk({ numbers: new Map([['sales', bundle.business.id]]) });
  phone.send('INVITE', { user: 'sales', body: voiceOffer });
  await vi.waitFor(() => expect(phone.statuses).toContain('200 INVITE'));
  const national = openDesk();
  national.phone.send('INVITE', { user: '7205550100', body: voiceOffer });
  await vi.waitFor(() => expect(national.phone.statuses).toContain('200 INVITE'));
});

test('a caller who gives up while it rings was not spoken to: no record, and the line is free', async () => {
  const playbook = Promise.withResolvers<string>();
  const { desk: taken, phone, facts } = openDesk({ activePlaybooks: { of: () => playbook.promise } });
  phone.send('INVITE', { body: voiceOffer, branch: 'z9hG4bKone' });
  phone.send('CANCEL', { branch: 'z9hG4bKone' });
  playbook.resolve(bundle.hash);
  await turn();
  expect(phone.statuses).toEqual(['100 INVITE', '180 INVITE', '200 CANCEL', '487 INVITE']);
  expect([taken.activeCalls, facts()]).toEqual([0, []]);
});

test('without a playbook the trunk is told to try elsewhere', async () => {
  const { desk: taken, phone } = openDesk({ activePlaybooks: { of: () => Promise.reject(new Error('away')) } });
  phone.send('INVITE', { body: voiceOffer });
  await vi.waitFor(() => expect(phone.statuses.at(-1)).toBe('503 INVITE'));
  expect(taken.activeCalls).toBe(0);
});

test('without a free port the trunk is told to try elsewhere, and the record says why', async () => {
  const { desk: taken, phone, facts, ended } = openDesk({ ports: new PortPool({ from: 43_000, to: 43_000 }) });
  phone.send('INVITE', { body: voiceOffer });
  await vi.waitFor(() => expect(taken.activeCalls).toBe(0));
  expect(phone.statuses.at(-1)).toBe('503 INVITE');
  expect(facts()).toContainEqual(expect.objectContaining({ type: 'degraded', component: 'media' }));
  expect(ended()).toMatchObject({ reason: 'interrupted', outcome: 'no-speech' });
});
