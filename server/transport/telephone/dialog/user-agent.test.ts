import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Gatekeeper } from '../auth/gatekeeper.ts';
import { TrunkList } from '../auth/trunk.ts';
import { headerOf, type SipMessage, type SipRequest } from '../message/sip-message.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import { oneWay } from '../testing/test-network.ts';
import { sdpOffer, type SentParts, TestPhone, voiceOffer } from '../testing/test-phone.ts';
import type { InboundLeg, LegEnd } from './inbound-leg.ts';
import { UserAgent } from './user-agent.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const media = { address: '192.0.2.1', port: 40_000, sessionId: '1' };

/** A telephone on a trunk, and the user agent that it calls. */
function line(options: { vacancy?: 'free' | 'busy' | 'draining'; from?: string; answer?: boolean } = {}) {
  const legs: InboundLeg[] = [];
  const agreed: AgreedMedia[] = [];
  const ended: LegEnd[] = [];
  const keys: string[] = [];
  const confirmed = vi.fn<() => void>();
  let ids = 0;
  const agent = new UserAgent({
    local: () => ({ address: '192.0.2.1', port: 5_060 }),
    gatekeeper: new Gatekeeper(
      new TrunkList([
        { name: 'carrier', addresses: ['203.0.113.0/24'] },
        { name: 'other', addresses: ['198.51.100.9'] },
      ]),
      Date.now,
    ),
    after: (delayMs, work) => {
      const timer = setTimeout(work, delayMs);
      return () => clearTimeout(timer);
    },
    newId: () => `id${(ids += 1)}`,
    random: () => 0.5,
    network: oneWay,
    vacancy: () => options.vacancy ?? 'free',
    onCall: (leg) => {
      legs.push(leg);
      leg.listen({
        media: (one) => agreed.push(one),
        confirmed,
        keyPressed: (key) => keys.push(key),
        ended: (cause) => ended.push(cause),
      });
      if (options.answer ?? true) leg.answer(media);
    },
  });
  const phone = new TestPhone(agent.transactions, options.from);
  const send = (method: string, parts?: SentParts): void => phone.send(method, parts);
  const statuses = (): string[] => phone.statuses;
  const requests = (): SipRequest[] => phone.requests;
  const last = (): SipMessage | undefined => phone.last;
  const toTag = (): string => legs[0]?.dialog.localTag ?? '';
  /** An answered call. */
  const call = (): void => {
    send('INVITE', { body: voiceOffer });
    send('ACK', { toTag: toTag() });
  };
  const body = (message: SipMessage | undefined): string => Buffer.from(message?.body ?? []).toString();
  return { send, statuses, requests, last, toTag, call, body, legs, agreed, ended, keys, confirmed, agent };
}

describe('a call that comes in', () => {
  test('is answered with 100 and 200, confirmed, and ended by a BYE', () => {
    const caller = line();
    caller.call();
    expect(caller.statuses()).toEqual(['100 INVITE', '200 INVITE']);
    expect(caller.agreed).toMatchObject([{ codec: 'PCMU', eventPayloadType: 101, remote: { port: 4_000 } }]);
    expect(caller.confirmed).toHaveBeenCalledOnce();
    caller.send('BYE', { cseq: 2, toTag: caller.toTag() });
    expect(caller.statuses().at(-1)).toBe('200 BYE');
    expect(caller.ended).toEqual(['caller-hang-up']);
    vi.advanceTimersByTime(60_000);
    expect([caller.agent.transactions.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test('the 200 is repeated until its ACK comes, and without one the call is hung up after 32 s', () => {
    const caller = line();
    caller.send('INVITE', { body: voiceOffer });
    vi.advanceTimersByTime(3_600);
    expect(caller.statuses().filter((one) => one === '200 INVITE')).toHaveLength(4);
    vi.advanceTimersByTime(28_400);
    expect(caller.requests().map(({ method }) => method)).toEqual(['BYE']);
    expect(caller.ended).toEqual(['no-ack']);
  });

  test('an INVITE without an offer gets one, and its ACK settles the media', () => {
    const caller = line();
    caller.send('INVITE');
    expect(caller.body(caller.last())).toContain('m=audio 40000 RTP/AVP 111 0 8 101');
    expect(caller.agreed).toEqual([]);
    caller.send('ACK', { toTag: caller.toTag(), body: sdpOffer('m=audio 4000 RTP/AVP 8') });
    expect(caller.agreed).toMatchObject([{ codec: 'PCMA' }]);
    expect(caller.confirmed).toHaveBeenCalledOnce();
  });

  test('without a codec in common it is refused with 488', () => {
    const caller = line();
    caller.send('INVITE', { body: sdpOffer('m=audio 4000 RTP/AVP 18') });
    expect(caller.statuses()).toEqual(['100 INVITE', '488 INVITE']);
    expect(caller.ended).toEqual(['refused']);
  });

  test('cancelled while it rings: 200 for the CANCEL, 487 for the INVITE', () => {
    const caller = line({ answer: false });
    caller.send('INVITE', { body: voiceOffer, branch: 'z9hG4bKone' });
    caller.legs[0]?.ring();
    caller.send('CANCEL', { branch: 'z9hG4bKone' });
    expect(caller.statuses()).toEqual(['100 INVITE', '180 INVITE', '200 CANCEL', '487 INVITE']);
    expect(caller.ended).toEqual(['cancelled']);
    expect(caller.legs[0]?.answer(media)).toBe(false);
  });

  test('cancelled too late: the call goes on', () => {
    const caller = line();
    caller.send('INVITE', { body: voiceOffer, branch: 'z9hG4bKone' });
    caller.send('CANCEL', { branch: 'z9hG4bKone' });
    expect(caller.statuses()).toEqual(['100 INVITE', '200 INVITE', '200 CANCEL']);
    expect(caller.ended).toEqual([]);
  });

  test('a CANCEL for nothing is 481', () => {
    const caller = line();
    caller.send('CANCEL');
    expect(caller.statuses()).toEqual(['481 CANCEL']);
  });

  test('we hang up with a BYE in the dialog, to where the caller listens', () => {
    const caller = line();
    caller.call();
    caller.legs[0]?.hangUp();
    const [bye] = caller.requests();
    expect(bye).toMatchObject({ method: 'BYE', uri: 'sip:phone@203.0.113.5:5062' });
    expect(bye && headerOf(bye, 'to')).toContain('tag=caller');
    expect(bye && headerOf(bye, 'from')).toContain(`tag=${caller.toTag()}`);
    expect(caller.ended).toEqual(['hung-up']);
  });

  test('the same INVITE by another way is a loop', () => {
    const caller = line({ answer: false });
    caller.send('INVITE', { body: voiceOffer, branch: 'z9hG4bKone' });
    caller.send('INVITE', { body: voiceOffer, branch: 'z9hG4bKtwo' });
    expect(caller.statuses()).toEqual(['100 INVITE', '482 INVITE']);
    expect(caller.legs).toHaveLength(1);
  });
});

describe('during a call', () => {
  test('hold and resume by re-INVITE: the answer mirrors the direction, its version is raised', () => {
    const caller = line();
    caller.call();
    caller.send('INVITE', { cseq: 2, toTag: caller.toTag(), body: `${voiceOffer}a=sendonly\r\n` });
    expect(caller.body(caller.last())).toMatch(/o=parley 1 2 [\s\S]*a=recvonly/);
    caller.send('ACK', { cseq: 2, toTag: caller.toTag() });
    caller.send('INVITE', { cseq: 3, toTag: caller.toTag(), body: voiceOffer });
    expect(caller.body(caller.last())).toMatch(/o=parley 1 3 [\s\S]*a=sendrecv/);
    expect(caller.agreed.map(({ direction }) => direction)).toEqual(['sendrecv', 'recvonly', 'sendrecv']);
  });

  test('a re-INVITE before the ACK of the one before is 491; an older one is 500; a bad one is 488 and changes nothing', () => {
    const caller = line();
    caller.send('INVITE', { body: voiceOffer });
    caller.send('INVITE', { cseq: 2, toTag: caller.toTag(), body: voiceOffer });
    expect(caller.statuses().at(-1)).toBe('491 INVITE');
    caller.send('ACK', { toTag: caller.toTag() });
    caller.send('INVITE', { cseq: 2, toTag: caller.toTag(), body: voiceOffer });
    expect(caller.statuses().at(-1)).toBe('500 INVITE');
    caller.send('INVITE', { cseq: 3, toTag: caller.toTag(), body: sdpOffer('m=audio 4000 RTP/AVP 18') });
    expect(caller.statuses().at(-1)).toBe('488 INVITE');
    expect([caller.ended, caller.agreed.length]).toEqual([[], 1]);
  });

  test('UPDATE moves the media, or is a sign of life; OPTIONS is answered; REFER is declined', () => {
    const caller = line();
    caller.call();
    caller.send('UPDATE', { cseq: 2, toTag: caller.toTag(), body: voiceOffer.replace('4000', '4444') });
    caller.send('UPDATE', { cseq: 3, toTag: caller.toTag() });
    caller.send('OPTIONS', { cseq: 4, toTag: caller.toTag() });
    caller.send('REFER', { cseq: 5, toTag: caller.toTag() });
    expect(caller.statuses().slice(2)).toEqual(['200 UPDATE', '200 UPDATE', '200 OPTIONS', '603 REFER']);
    expect(caller.agreed.at(-1)?.remote?.port).toBe(4_444);
  });

  test.each([
    ['Content-Type: application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', ['5']],
    ['Content-Type: application/dtmf-relay', 'Signal= 11\r\n', ['#']],
    ['Content-Type: application/dtmf', '*', ['*']],
    ['Content-Type: text/plain', '5', []],
    ['Content-Type: application/dtmf', '55', []],
  ])('INFO with %s %j presses %j', (type, body, keys) => {
    const caller = line();
    caller.call();
    caller.send('INFO', { cseq: 2, toTag: caller.toTag(), headers: [type], body });
    expect(caller.statuses().at(-1)).toBe('200 INFO');
    expect(caller.keys).toEqual(keys);
  });

  test('a session that its caller refreshes ends when the refreshes stop', () => {
    const caller = line();
    const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uac'];
    caller.send('INVITE', { body: voiceOffer, headers });
    expect(caller.last() && headerOf(caller.last() as SipMessage, 'session-expires')).toBe('90;refresher=uac');
    caller.send('ACK', { toTag: caller.toTag() });
    vi.advanceTimersByTime(50_000);
    caller.send('UPDATE', { cseq: 2, toTag: caller.toTag(), headers });
    vi.advanceTimersByTime(59_000);
    expect(caller.ended).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(caller.ended).toEqual(['session-expired']);
    expect(caller.requests().map(({ method }) => method)).toEqual(['BYE']);
  });

  test.each([
    ['an UPDATE', ['Allow: INVITE, UPDATE'], 'UPDATE'],
    ['a re-INVITE, where the other side does not know UPDATE,', [], 'INVITE'],
  ])('a session that we refresh gets %s at half time, and ends when nobody answers it', (_, allow, method) => {
    const caller = line();
    const headers = ['Supported: timer', 'Session-Expires: 100;refresher=uas', ...allow];
    caller.send('INVITE', { body: voiceOffer, headers });
    caller.send('ACK', { toTag: caller.toTag() });
    vi.advanceTimersByTime(50_000);
    expect(caller.requests().map((one) => one.method)).toEqual([method]);
    vi.advanceTimersByTime(32_000);
    expect(caller.ended).toEqual(['session-expired']);
  });
});

describe('a caller who wants provisional answers confirmed', () => {
  const required = { body: voiceOffer, headers: ['Require: 100rel'] };
  const header = (message: SipMessage | undefined, name: string): string | undefined =>
    message && headerOf(message, name);
  const ringing = () => {
    const caller = line({ answer: false });
    caller.send('INVITE', required);
    caller.legs[0]?.ring();
    return { caller, rseq: header(caller.last(), 'rseq') };
  };

  test('hears 180 until its PRACK comes, then the answer', () => {
    const { caller, rseq } = ringing();
    expect([rseq, header(caller.last(), 'require')]).toEqual(['1073741824', '100rel']);
    vi.advanceTimersByTime(1_600);
    expect(caller.statuses()).toEqual(['100 INVITE', '180 INVITE', '180 INVITE', '180 INVITE']);
    caller.send('PRACK', { cseq: 2, toTag: caller.toTag(), headers: [`RAck: ${rseq} 1 INVITE`] });
    vi.advanceTimersByTime(4_000);
    expect(caller.statuses().slice(4)).toEqual(['200 PRACK']);
    expect(caller.legs[0]?.answer(media)).toBe(true);
  });

  test('a PRACK for something else is 481, one with an offer 488', () => {
    const { caller, rseq } = ringing();
    caller.send('PRACK', { cseq: 2, toTag: caller.toTag(), headers: ['RAck: 1 1 INVITE'] });
    caller.send('PRACK', { cseq: 3, toTag: caller.toTag(), headers: [`RAck: ${rseq} 1 INVITE`], body: voiceOffer });
    expect(caller.statuses().slice(2)).toEqual(['481 PRACK', '488 PRACK']);
  });

  test('without a PRACK the call is refused after 32 s', () => {
    const { caller } = ringing();
    vi.advanceTimersByTime(32_000);
    expect([caller.statuses().at(-1), caller.ended]).toEqual(['504 INVITE', ['refused']]);
    caller.send('ACK', { toTag: caller.toTag() });
  });

  test('without an offer of its own it hears nothing before the 200, which brings ours', () => {
    const caller = line({ answer: false });
    caller.send('INVITE', { headers: ['Require: 100rel'] });
    caller.legs[0]?.ring();
    caller.legs[0]?.answer(media);
    expect(caller.statuses()).toEqual(['100 INVITE', '200 INVITE']);
  });
});

describe('an INVITE with Replaces', () => {
  const replacing = (toTag: string, more = ''): SentParts => ({
    callId: 'other',
    fromTag: 'colleague',
    body: voiceOffer.replace('4000', '4800'),
    headers: [`Replaces: call;to-tag=${toTag};from-tag=caller${more}`],
  });

  test('takes the call over: the media goes on with the new telephone, the old one is hung up on', () => {
    const caller = line();
    caller.call();
    caller.send('INVITE', replacing(caller.toTag()));
    expect(caller.statuses().slice(2)).toEqual(['200 INVITE']);
    expect(caller.agreed.at(-1)?.remote?.port).toBe(4_800);
    expect(caller.requests().map(({ method }) => method)).toEqual(['BYE']);
    const toTag = caller.toTag();
    caller.send('ACK', { callId: 'other', fromTag: 'colleague', toTag });
    expect([caller.legs.length, caller.ended, caller.confirmed.mock.calls.length]).toEqual([1, [], 1]);
    caller.send('BYE', { callId: 'other', fromTag: 'colleague', toTag, cseq: 2 });
    expect(caller.ended).toEqual(['caller-hang-up']);
    vi.advanceTimersByTime(64_000);
    expect([caller.agent.size, caller.agent.transactions.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  test.each<[string, (toTag: string) => SentParts, string]>([
    ['nobody’s dialog', () => replacing('guess'), '481 INVITE'],
    [
      'a call that was answered, where only a ringing one is wanted',
      (tag) => replacing(tag, ';early-only'),
      '486 INVITE',
    ],
    [
      'a dialog whose other end is another',
      (tag) => ({ ...replacing(tag), headers: [`Replaces: call;to-tag=${tag};from-tag=x`] }),
      '481 INVITE',
    ],
    ['without tags', () => ({ ...replacing(''), headers: ['Replaces: call'] }), '400 INVITE'],
    [
      'without a codec in common',
      (tag) => ({ ...replacing(tag), body: sdpOffer('m=audio 4000 RTP/AVP 18') }),
      '488 INVITE',
    ],
  ])('%s', (_, parts, status) => {
    const caller = line();
    caller.call();
    caller.send('INVITE', parts(caller.toTag()));
    expect(caller.statuses().slice(2)).toEqual([status]);
    expect([caller.ended, caller.requests()]).toEqual([[], []]);
  });

  test('a call that still rings, and one of another trunk, cannot be taken', () => {
    const ringing = line({ answer: false });
    ringing.send('INVITE', { body: voiceOffer });
    ringing.send('INVITE', replacing(ringing.toTag()));
    expect(ringing.statuses().at(-1)).toBe('481 INVITE');
    const caller = line();
    caller.call();
    const stranger = new TestPhone(caller.agent.transactions, '198.51.100.9');
    stranger.send('INVITE', { ...replacing(caller.toTag()), branch: 'z9hG4bKstranger' });
    expect(stranger.statuses).toEqual(['481 INVITE']);
  });
});

test('INFO presses keys at the other side', () => {
  const caller = line();
  caller.call();
  caller.legs[0]?.pressKey('#');
  caller.legs[0]?.pressKey('x');
  expect(caller.requests().map(({ method }) => method)).toEqual(['INFO']);
  expect(caller.body(caller.last())).toBe('Signal=#\r\nDuration=160\r\n');
});

describe('what cannot be a call', () => {
  test.each<[string, string, SentParts]>([
    ['an INVITE', '198.51.100.1', { body: voiceOffer }],
    ['an INVITE that asks for more than we can', '198.51.100.1', { headers: ['Require: more'] }],
    ['an INVITE within a call', '198.51.100.1', { toTag: 'guess' }],
    ['OPTIONS', '198.51.100.1', {}],
    ['BYE', '198.51.100.1', { toTag: 'guess' }],
    ['CANCEL', '198.51.100.1', {}],
    ['REGISTER', '198.51.100.1', {}],
  ])('%s of a stranger is answered once, and leaves no trace', (what, from, parts) => {
    const caller = line({ from });
    const method = what.replace('an ', '').split(' ')[0] ?? '';
    caller.send(method, { ...parts, branch: 'z9hG4bKone' });
    const first = caller.last();
    caller.send(method, { ...parts, branch: 'z9hG4bKone' });
    expect(caller.statuses()).toHaveLength(2);
    expect(caller.last()).toEqual(first);
    expect([caller.agent.transactions.size, caller.agent.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
    caller.send('ACK', { branch: 'z9hG4bKone', toTag: 'guess' });
    vi.advanceTimersByTime(60_000);
    expect(caller.statuses()).toHaveLength(2);
  });

  test.each<[string, Parameters<typeof line>[0], Parameters<ReturnType<typeof line>['send']>, string]>([
    ['from an unknown address', { from: '198.51.100.1' }, ['INVITE', { body: voiceOffer }], '403 INVITE'],
    ['when all lines are busy', { vacancy: 'busy' }, ['INVITE', { body: voiceOffer }], '486 INVITE'],
    ['while the node drains', { vacancy: 'draining' }, ['INVITE', { body: voiceOffer }], '503 INVITE'],
    ['OPTIONS while the node drains', { vacancy: 'draining' }, ['OPTIONS', {}], '503 OPTIONS'],
    [
      'no answer that we could give',
      {},
      ['INVITE', { body: voiceOffer, headers: ['Accept: text/plain'] }],
      '406 INVITE',
    ],
    [
      'an extension that is required',
      {},
      ['INVITE', { body: voiceOffer, headers: ['Require: 100rel, resource-priority'] }],
      '420 INVITE',
    ],
    ['a session too short', {}, ['INVITE', { body: voiceOffer, headers: ['Session-Expires: 60'] }], '422 INVITE'],
    ['a body of another kind', {}, ['INVITE', { body: 'hi', headers: ['Content-Type: text/plain'] }], '415 INVITE'],
    ['a broken description', {}, ['INVITE', { body: 'v=0\r\nm=' }], '400 INVITE'],
    ['a dialog that is not ours', {}, ['INVITE', { body: voiceOffer, toTag: 'x' }], '481 INVITE'],
    ['BYE for nothing', {}, ['BYE', { toTag: 'x' }], '481 BYE'],
    ['REGISTER', {}, ['REGISTER', {}], '405 REGISTER'],
    ['REFER', {}, ['REFER', { headers: ['Refer-To: <sip:+19005550100@192.0.2.1>'] }], '403 REFER'],
    ['NOTIFY', {}, ['NOTIFY', { headers: ['Event: refer'] }], '481 NOTIFY'],
    ['a method nobody knows', {}, ['NEWMETHOD', {}], '501 NEWMETHOD'],
    ['OPTIONS', {}, ['OPTIONS', {}], '200 OPTIONS'],
  ])('%s', (_, options, request, status) => {
    const caller = line(options);
    caller.send(...request);
    expect(caller.statuses()).toEqual([status]);
    expect(caller.legs).toEqual([]);
  });
});
