import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { Pacer } from '../agent/speak/pacer.ts';
import { embeddedVoice, SpeechCache } from '../agent/speak/speech-cache.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { CallHandovers } from './call-handovers.ts';
import { createGuard } from './guard.ts';
import type { CallToHandOver, PersonLine, PersonLineListener } from './person-line.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import { Recorder } from './recorder.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import type { PassOn } from './telephone-line.ts';
import type { TransferAct } from './transfer.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const bundle = await demoBundle();

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 17) }));
afterEach(() => void vi.useRealTimers());

/** One end of a relay: to whom it hands its packets. */
class HandEnd implements RelayEnd {
  readonly law = 'PCMA';
  other: RelayEnd | undefined;

  relayTo(other: RelayEnd | undefined): void {
    this.other = other;
  }

  relay(): void {}
}

/** A telephone in the test's hand. */
class HandLine implements PersonLine {
  listener: PersonLineListener | undefined;
  heard: Int16Array[] = [];
  hungUp = 0;
  lastPacketMs: number | undefined = undefined;
  readonly replaceableUri = 'sip:dana@127.0.0.1?Replaces=x';
  readonly relayEnd = new HandEnd();

  open(listener: PersonLineListener): Promise<void> {
    this.listener = listener;
    return Promise.resolve();
  }

  play(frame: Int16Array): void {
    this.heard.push(frame);
  }

  hangUp(): void {
    this.hungUp += 1;
  }

  /** How much was said to them since this was last asked. */
  get spokenMs(): number {
    return this.heard.splice(0).filter((frame) => frame.some((sample) => sample !== 0)).length * 20;
  }
}

const act: TransferAct = {
  type: 'transfer',
  requestId: 'transfer-3',
  to: { id: 'dana', name: 'Dana', phone: '+13035550101' },
  reason: 'The caller asked to talk to a person',
  briefing: 'New roof',
  whisper: ['Hello Dana.', 'A caller is on the line.'].map((text) => ({ text, approved: false, cites: [] })),
  way: 'bridge',
  accept: 'key',
  ringMs: 20_000,
};

function setUp(change: Partial<TransferAct> = {}, reachable = true, passOn?: PassOn) {
  const line = new HandLine();
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
  const recorder = new Recorder({ callId, business: bundle.business.id }, outbox, delivery, Date.now);
  const told: string[] = [];
  const callersEnd = new HandEnd();
  const calls: CallToHandOver[] = [];
  const handovers = new CallHandovers({
    bundle,
    recorder,
    log,
    voices: {
      embedded: new SpeechCache(
        embeddedVoice({
          synthesize: () => Promise.resolve({ samples: new Int16Array(16_000).fill(900), words: [] }),
        }),
      ),
    },
    pacer: new Pacer(20, () => performance.now()),
    now: Date.now,
    after: afterOnThisMachine,
    guard: createGuard((label, error) => expect.unreachable(`${label}: ${String(error)}`)),
    passOn,
    callersEnd: () => callersEnd,
    dialPerson: (_, call) => {
      calls.push(call);
      return reachable ? line : undefined;
    },
  });
  handovers.ask(
    { ...act, ...change },
    {
      onceSaid: (work) => work(),
      progress: (stage) => told.push(stage),
      answered: (answer) => told.push(answer),
      left: (talked) => told.push(talked ? 'left' : 'lost'),
    },
  );
  const facts = (): CallFact[] => outbox.pending(callId, 1_000).map(({ fact }) => fact);
  const end = (): CallFact | undefined => facts().find(({ type }) => type === 'handover-end');
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const pickUp = async (): Promise<void> => {
    await wait(0);
    line.listener?.ringing();
    await wait(4_000);
    line.listener?.answered();
    await wait(0);
  };
  return { handovers, line, callersEnd, calls, told, facts, end, wait, pickUp };
}

test('a person is told what it is about, presses 1, and has the call; then the two hear each other', async () => {
  const { handovers, line, told, facts, end, wait, pickUp } = setUp();
  await pickUp();
  expect(told).toEqual(['calling', 'ringing', 'answered']);
  await wait(6_000);
  // Two sentences, and the two that ask for the key.
  expect(line.spokenMs).toBe(4_000);
  line.listener?.keyPressed('5');
  expect(told).not.toContain('accepted');
  line.listener?.keyPressed('1');
  expect(told.at(-1)).toBe('accepted');
  expect(handovers.hear(new Int16Array(320).fill(7))).toBe(false);
  await wait(1_000);
  handovers.join();
  line.heard = [];
  for (let n = 0; n < 10; n += 1) {
    expect(handovers.hear(new Int16Array(320).fill(7))).toBe(true);
    line.listener?.audio(new Int16Array(320).fill(9));
    await wait(20);
  }
  expect(line.heard.flatMap((frame) => [...frame])).toContain(7);
  expect(handovers.nextFrame()).toEqual(new Int16Array(320).fill(9));
  await wait(60_000);
  line.listener?.ended('hung-up');
  expect(told.at(-1)).toBe('left');
  expect(handovers.joined).toBe(false);
  expect(end()).toEqual({ type: 'handover-end', person: 'dana', result: 'talked', talkedMs: 60_200, leftBy: 'person' });
  expect(facts().map(({ type }) => type)).toEqual(
    ['start', 'ringing', 'answered', 'joined', 'end'].map((name) => `handover-${name}`),
  );
  expect(facts().find(({ type }) => type === 'handover-joined')).toMatchObject({ waitedMs: 11_000 });
});

test('while the two talk their lines hand each other what comes, if they can; the person is called in the caller’s law', async () => {
  const { handovers, line, callersEnd, calls, pickUp } = setUp();
  await pickUp();
  expect(calls).toMatchObject([{ law: 'PCMA' }]);
  line.listener?.keyPressed('1');
  expect([callersEnd.other, line.relayEnd.other]).toEqual([undefined, undefined]);
  handovers.join();
  expect([callersEnd.other, line.relayEnd.other]).toEqual([line.relayEnd, callersEnd]);
  line.listener?.ended('hung-up');
  expect([callersEnd.other, line.relayEnd.other]).toEqual([undefined, undefined]);
});

test.each(['busy', 'no-answer', 'rejected', 'failed'] as const)('%s: the caller stays with the agent', async (why) => {
  const { handovers, line, told, end, wait } = setUp();
  await wait(0);
  line.listener?.ended(why);
  expect(told).toEqual(['calling', why]);
  expect(end()).toEqual({ type: 'handover-end', person: 'dana', result: why });
  expect(handovers.joined).toBe(false);
});

test('where nobody can be called, the agent knows at once, and nobody was called', async () => {
  const { told, facts, wait } = setUp({}, false);
  await wait(0);
  expect(told).toEqual(['nobody-free']);
  expect(facts()).toEqual([]);
});

test('a voicemail presses no key: it is asked twice and then hung up on', async () => {
  const { line, told, end, wait, pickUp } = setUp();
  await pickUp();
  await wait(4_000 + 640 + 8_000 + 2_000 + 160 + 7_500);
  expect(told.at(-1)).toBe('answered');
  await wait(1_500);
  expect(told.at(-1)).toBe('not-accepted');
  expect(end()).toMatchObject({ result: 'not-accepted' });
  await wait(6_000);
  expect(line.hungUp).toBeGreaterThan(0);
});

test('where picking up is enough, the call is theirs once they know what it is about', async () => {
  const { told, wait, pickUp } = setUp({ accept: 'answer' });
  await pickUp();
  await wait(1_500);
  expect(told.at(-1)).toBe('answered');
  await wait(1_500);
  expect(told.at(-1)).toBe('accepted');
});

test('key 2 leaves the call to the agent', async () => {
  const { line, told, end, pickUp } = setUp();
  await pickUp();
  line.listener?.keyPressed('2');
  expect(told.at(-1)).toBe('rejected');
  expect(end()).toMatchObject({ result: 'rejected' });
});

test('when the caller hangs up while it rings, the telephone stops ringing', async () => {
  const { handovers, line, end, wait } = setUp();
  await wait(0);
  line.listener?.ringing();
  handovers.end('caller-hang-up');
  expect(line.hungUp).toBe(1);
  expect(end()).toEqual({ type: 'handover-end', person: 'dana', result: 'cancelled' });
});

test('when the caller hangs up on whoever listens to the briefing, they are told so', async () => {
  const { handovers, line, told, wait, pickUp } = setUp();
  await pickUp();
  await wait(1_000);
  handovers.end('caller-hang-up');
  expect(line.hungUp).toBe(0);
  line.heard = [];
  await wait(4_000);
  expect(line.spokenMs).toBe(2_000);
  expect(line.hungUp).toBeGreaterThan(0);
  expect(told).not.toContain('accepted');
});

test('when the caller hangs up on the person, it is in the record', async () => {
  const { handovers, line, end, wait, pickUp } = setUp();
  await pickUp();
  line.listener?.keyPressed('1');
  handovers.join();
  await wait(5_000);
  handovers.end('caller-hang-up');
  expect(end()).toMatchObject({ result: 'talked', talkedMs: 5_000, leftBy: 'caller' });
  expect(line.hungUp).toBeGreaterThan(0);
});

test('a person who is lost before the two could talk is told to the agent as such; so is a dead line', async () => {
  const first = setUp();
  await first.pickUp();
  first.line.listener?.keyPressed('1');
  first.line.listener?.ended('hung-up');
  expect(first.told.slice(-2)).toEqual(['accepted', 'lost']);
  const { handovers, line, told, end, wait, pickUp } = setUp();
  await pickUp();
  line.listener?.keyPressed('1');
  handovers.join();
  line.lastPacketMs = Date.now();
  await wait(14_000);
  expect(told.at(-1)).toBe('accepted');
  await wait(3_000);
  expect(told.at(-1)).toBe('left');
  expect(end()).toMatchObject({ result: 'talked', leftBy: 'line' });
});

/** A trunk that is asked to take our place, in the test's hand. */
function handTrunk() {
  const asked: string[] = [];
  const answer = Promise.withResolvers<Awaited<ReturnType<PassOn>>>();
  let rings: () => void = () => undefined;
  const passOn: PassOn = (target, ringing) => {
    asked.push(target);
    rings = ringing;
    return answer.promise;
  };
  return { asked, passOn, ring: () => rings(), settle: answer.resolve };
}

test.each(['passed-on', 'busy'] as const)('the trunk is asked to call the person: %s', async (outcome) => {
  const trunk = handTrunk();
  const { handovers, told, facts, wait } = setUp({ way: 'refer' }, true, trunk.passOn);
  await wait(0);
  expect(trunk.asked).toEqual(['+13035550101']);
  trunk.ring();
  trunk.settle(outcome);
  await wait(0);
  expect(told).toEqual(['calling', 'ringing', outcome]);
  handovers.end('transferred');
  expect(facts().map(({ type }) => type)).toEqual(['handover-start', 'handover-ringing', 'handover-end']);
  expect(facts().at(-1)).toEqual({ type: 'handover-end', person: 'dana', result: outcome });
});

test('a trunk that takes the transfer on and hangs up has the caller; one that does neither has not', async () => {
  const first = setUp({ way: 'refer' }, true, handTrunk().passOn);
  await first.wait(0);
  first.handovers.end('transferred');
  expect([first.told.at(-1), first.end()]).toMatchObject(['passed-on', { result: 'passed-on' }]);
  const second = setUp({ way: 'refer' }, true, handTrunk().passOn);
  await second.wait(0);
  second.handovers.end('caller-hang-up');
  expect([second.told.at(-1), second.end()]).toMatchObject(['calling', { result: 'cancelled' }]);
});

test('where the trunk cannot be asked, the person is rung from here', async () => {
  const { told, pickUp } = setUp({ way: 'refer' });
  await pickUp();
  expect(told.at(-1)).toBe('answered');
});

test('attended: once the two talk the trunk is asked to join them itself, and we are out of it', async () => {
  const trunk = handTrunk();
  const { handovers, line, told, end, wait, pickUp } = setUp({ way: 'attended' }, true, trunk.passOn);
  await pickUp();
  line.listener?.keyPressed('1');
  handovers.join();
  expect([handovers.joined, trunk.asked]).toEqual([true, [line.replaceableUri]]);
  // The person's telephone has the other call now, and ends ours.
  line.listener?.ended('hung-up');
  expect(told.at(-1)).toBe('accepted');
  trunk.settle('passed-on');
  await wait(0);
  expect([told.at(-1), end()]).toMatchObject(['passed-on', { result: 'passed-on' }]);
});

test('attended, and the trunk will not: the two go on through us', async () => {
  const trunk = handTrunk();
  const { handovers, line, told, end, wait, pickUp } = setUp({ way: 'attended' }, true, trunk.passOn);
  await pickUp();
  line.listener?.keyPressed('1');
  handovers.join();
  trunk.settle('failed');
  await wait(5_000);
  expect([handovers.joined, told.at(-1)]).toEqual([true, 'accepted']);
  line.listener?.ended('hung-up');
  expect([told.at(-1), end()]).toMatchObject(['left', { result: 'talked', talkedMs: 5_000 }]);
});
