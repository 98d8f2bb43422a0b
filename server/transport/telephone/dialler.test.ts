import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digestResponse, parseDigest } from './auth/digest.ts';
import type { Trunk } from './auth/trunk.ts';
import type { CallOut } from './dialler.ts';
import { headerOf, type SipRequest } from './message/sip-message.ts';
import { callingTelephone } from './testing/calling-telephone.ts';
import { sdpOffer, TestPhone } from './testing/test-phone.ts';
import { TestTrunk, voiceAnswer } from './testing/test-trunk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sequence = (request: SipRequest): string | undefined => headerOf(request, 'cseq');

describe('a call that we place', () => {
  test('rings, is answered, confirmed to where the other side is, and hung up by us', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    const invite = line.trunk.got('INVITE');
    expect(invite.uri).toBe('sip:+17205550123@sip.carrier.example');
    expect(headerOf(invite, 'from')).toMatch(/^<sip:\+17205550100@sip\.carrier\.example>;tag=/);
    expect(Buffer.from(invite.body).toString()).toContain('m=audio 40000 RTP/AVP 111 0 8 101');
    line.trunk.answer(100);
    line.trunk.answer(180);
    line.trunk.pickUp({
      headers: ['Contact: <sip:callee@198.51.100.7:5070>', 'Record-Route: <sip:two.example;lr>, <sip:one.example;lr>'],
    });
    expect(line.heard).toEqual(['180', 'answered']);
    expect(line.agreed).toMatchObject([{ codec: 'PCMU', remote: { port: 5_000 } }]);
    const ack = line.trunk.got('ACK');
    expect(ack.uri).toBe('sip:callee@198.51.100.7:5070');
    expect(ack.headers.filter(({ name }) => name === 'route').map(({ value }) => value)).toEqual([
      '<sip:one.example;lr>',
      '<sip:two.example;lr>',
    ]);
    leg.hangUp();
    expect(sequence(line.trunk.got('BYE'))).toBe('2 BYE');
    line.trunk.answer(200, {}, line.trunk.got('BYE'));
    expect(line.ends).toEqual([{ cause: 'hung-up' }]);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('early media is heard before the answer', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(183, { body: voiceAnswer });
    expect(line.heard).toEqual(['183 early']);
    expect(line.agreed).toHaveLength(1);
    line.trunk.pickUp();
    expect(line.heard).toEqual(['183 early', 'answered']);
  });

  test('the other side hangs up', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.pickUp();
    line.trunk.ask('BYE');
    expect(line.trunk.statuses).toEqual(['200 BYE']);
    expect(line.ends).toEqual([{ cause: 'remote-hang-up' }]);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('the other side holds and resumes, and presses keys', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.pickUp();
    line.trunk.ask('INVITE', { body: `${voiceAnswer}a=sendonly\r\n` });
    line.trunk.ask('ACK', { cseq: 1 });
    line.trunk.ask('INFO', { cseq: 2, headers: ['Content-Type: application/dtmf'], body: '5' });
    expect(line.heard).toEqual(['answered', 'key 5']);
    expect(line.agreed.map(({ direction }) => direction)).toEqual(['sendrecv', 'recvonly']);
    expect(line.trunk.statuses).toEqual(['200 INVITE', '200 INFO']);
  });

  test.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [403, 'rejected'],
    [404, 'invalid-number'],
    [484, 'invalid-number'],
    [408, 'no-answer'],
    [480, 'no-answer'],
    [500, 'failed'],
    [488, 'failed'],
  ])('refused with %i it ends as %s, and the refusal is confirmed', async (status, cause) => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(status);
    expect(line.ends).toEqual([{ cause, status }]);
    expect(sequence(line.trunk.got('ACK'))).toBe('1 ACK');
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('503 says when to try again; where there is another way, that is tried first', async () => {
    const one = callingTelephone();
    await one.dial();
    one.trunk.answer(503, { headers: ['Retry-After: 120 (maintenance)'] });
    await vi.advanceTimersByTimeAsync(0);
    expect(one.ends).toEqual([{ cause: 'failed', status: 503, retryAfterS: 120 }]);
    const second = new TestTrunk('198.51.100.8');
    const two = callingTelephone({ ways: [new TestTrunk(), second] });
    await two.dial();
    two.trunk.answer(503);
    await vi.advanceTimersByTimeAsync(0);
    second.pickUp();
    expect(two.heard).toEqual(['answered']);
  });

  test('a server that says nothing for 4 s is passed over; should it pick up after all, it is hung up on', async () => {
    const [first, second] = [new TestTrunk(), new TestTrunk('198.51.100.8')];
    const line = callingTelephone({ ways: [first, second] });
    await line.dial();
    await vi.advanceTimersByTimeAsync(4_000);
    second.pickUp({ tag: 'second' });
    expect(line.heard).toEqual(['answered']);
    first.answer(180, { tag: 'first' });
    expect(first.methods.slice(-1)).toEqual(['CANCEL']);
    first.pickUp({ tag: 'first' });
    expect(first.methods.slice(-2)).toEqual(['ACK', 'BYE']);
    expect([line.heard, line.ends]).toEqual([['answered'], []]);
  });

  test.each([
    ['picks up', 200, ['answered'], []],
    ['refuses', 486, [], ['INVITE']],
    ['is out of service', 503, [], ['INVITE']],
  ])(
    'a server that is passed over and %s while the way to the next one opens is the only one that is called, or was none',
    async (_, status, heard, asked) => {
      const [first, second] = [new TestTrunk(), new TestTrunk('198.51.100.8')];
      const { promise, resolve } = Promise.withResolvers<void>();
      second.reached = promise;
      const line = callingTelephone({ ways: [first, second] });
      const leg = await line.dial();
      await vi.advanceTimersByTimeAsync(4_000);
      first.answer(status, { tag: 'first', ...(status === 200 ? { body: voiceAnswer } : {}) });
      resolve();
      await vi.advanceTimersByTimeAsync(0);
      expect([line.heard, line.ends, second.methods]).toEqual([heard, [], asked]);
      leg.hangUp();
      if (status === 200) first.answer(200, { tag: 'first' }, first.got('BYE'));
      else {
        second.answer(180);
        second.answer(200, {}, second.got('CANCEL'));
        second.answer(487);
      }
      expect([line.ends.length, await line.left()]).toEqual([1, [0, 0, 0]]);
    },
  );

  test('nobody picks up: cancelled after the ringing time, and ended at once', async () => {
    const line = callingTelephone();
    await line.dial({ ringMs: 20_000 });
    line.trunk.answer(180);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(line.ends).toEqual([{ cause: 'no-answer' }]);
    line.trunk.answer(200, {}, line.trunk.got('CANCEL'));
    line.trunk.answer(487);
    expect(line.trunk.methods).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('a trunk that never answers is given up after 32 s, and leaves nothing behind', async () => {
    const line = callingTelephone();
    await line.dial();
    await vi.advanceTimersByTimeAsync(32_000);
    expect(line.ends).toEqual([{ cause: 'failed', status: 408, why: 'the trunk does not answer' }]);
    // Timer A: 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s.
    expect(line.trunk.methods).toEqual(Array.from({ length: 7 }, () => 'INVITE'));
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('an answer without a codec in common is confirmed and hung up', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.pickUp({ body: sdpOffer('m=audio 5000 RTP/AVP 18') });
    expect(line.trunk.methods).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(line.ends).toMatchObject([{ cause: 'failed', status: 488 }]);
  });
});

describe('hanging up', () => {
  test('before anything was said: the CANCEL waits for the first answer', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    leg.hangUp();
    expect(line.trunk.methods).toEqual(['INVITE']);
    expect(line.ends).toEqual([{ cause: 'cancelled' }]);
    line.trunk.answer(100);
    const [invite, cancel] = [line.trunk.got('INVITE'), line.trunk.got('CANCEL')];
    expect(headerOf(cancel, 'via')).toBe(headerOf(invite, 'via'));
    expect([cancel.uri, sequence(cancel)]).toEqual([invite.uri, '1 CANCEL']);
    line.trunk.answer(200, {}, cancel);
    line.trunk.answer(487);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('an answer that crosses the CANCEL is confirmed and hung up', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    line.trunk.answer(180);
    leg.hangUp();
    line.trunk.pickUp();
    expect(line.trunk.methods).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
    expect([line.ends, line.heard]).toEqual([[{ cause: 'cancelled' }], ['180']]);
    line.trunk.answer(481, {}, line.trunk.got('CANCEL'));
    line.trunk.answer(200, {}, line.trunk.got('BYE'));
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('a cancelled call whose trunk falls silent is forgotten', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    line.trunk.answer(180);
    leg.hangUp();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(line.agent.size).toBe(1);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('before there is a way to the trunk: nothing is sent', async () => {
    const line = callingTelephone();
    const leg = line.place();
    leg.hangUp();
    expect(line.ends).toEqual([{ cause: 'cancelled' }]);
    expect(await line.left()).toEqual([0, 0, 0]);
    expect(line.trunk.received).toEqual([]);
  });
});

describe('what comes in between', () => {
  test('a challenge is answered once, with the credentials in the ACK and the BYE too', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    const challenge = 'Proxy-Authenticate: Digest realm="carrier", nonce="n1", qop="auth,auth-int", opaque="o"';
    line.trunk.answer(407, { headers: [`${challenge}, algorithm=SHA-256`, challenge] });
    const invite = line.trunk.got('INVITE');
    expect(sequence(invite)).toBe('2 INVITE');
    const sent = parseDigest(headerOf(invite, 'proxy-authorization') ?? '');
    const auth = { cnonce: sent?.get('cnonce') ?? '', nonceCount: '00000001' };
    const { username, password } = { username: 'parley', password: 'secret of the trunk' };
    const parts = { username, password, realm: 'carrier', method: 'INVITE', uri: invite.uri, nonce: 'n1', auth };
    expect(sent?.get('response')).toBe(digestResponse({ algorithm: 'SHA-256', ...parts }));
    line.trunk.pickUp();
    expect(headerOf(line.trunk.got('ACK'), 'proxy-authorization')).toBe(headerOf(invite, 'proxy-authorization'));
    leg.hangUp();
    expect(headerOf(line.trunk.got('BYE'), 'proxy-authorization')).toContain('nc=00000002');
  });

  test('a password that was refused is not tried again; a stale nonce is', async () => {
    const refused = callingTelephone();
    await refused.dial();
    refused.trunk.answer(401, { headers: ['WWW-Authenticate: Digest realm="a", nonce="1"'] });
    refused.trunk.answer(401, { headers: ['WWW-Authenticate: Digest realm="a", nonce="2"'] });
    expect(refused.ends).toEqual([{ cause: 'failed', status: 401 }]);
    const stale = callingTelephone();
    await stale.dial();
    stale.trunk.answer(401, { headers: ['WWW-Authenticate: Digest realm="a", nonce="1"'] });
    stale.trunk.answer(401, { headers: ['WWW-Authenticate: Digest realm="a", nonce="2", stale=true'] });
    expect(headerOf(stale.trunk.got('INVITE'), 'authorization')).toContain('nonce="2"');
  });

  test('a session that is too short for the other side is asked for again', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(422, { headers: ['Min-SE: 3600'] });
    expect(headerOf(line.trunk.got('INVITE'), 'session-expires')).toBe('3600');
    line.trunk.answer(422, { headers: ['Min-SE: 3600'] });
    expect(line.ends).toEqual([{ cause: 'failed', status: 422 }]);
  });

  test('sent on to a number of the dial plan, we call that; sent anywhere else, we do not', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(302, { headers: ['Contact: <sip:201@elsewhere.example>, <sip:201@sip.carrier.example>'] });
    expect(line.trunk.got('INVITE').uri).toBe('sip:201@sip.carrier.example');
    line.trunk.answer(302, { headers: ['Contact: <sip:+19005550100@sip.carrier.example>'] });
    expect(line.ends).toEqual([{ cause: 'redirect-refused', status: 302 }]);
    expect(line.trunk.methods.filter((one) => one === 'INVITE')).toHaveLength(2);
  });

  test('a loop of redirections ends', async () => {
    const line = callingTelephone();
    await line.dial({ to: '200' });
    for (let extension = 201; line.ends.length === 0 && extension < 230; extension += 1) {
      line.trunk.answer(302, { headers: [`Contact: <sip:${extension}@sip.carrier.example>`] });
    }
    expect(line.ends).toEqual([{ cause: 'redirect-refused', status: 302 }]);
    expect(line.trunk.methods.filter((one) => one === 'INVITE')).toHaveLength(6);
  });

  test('of two telephones that pick up, the second is confirmed and hung up', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(180, { tag: 'one' });
    line.trunk.answer(180, { tag: 'two' });
    line.trunk.pickUp({ tag: 'two' });
    line.trunk.pickUp({ tag: 'one' });
    expect(headerOf(line.trunk.got('BYE'), 'to')).toContain('tag=one');
    expect([line.heard, line.ends]).toEqual([['180', '180', 'answered'], []]);
    // A 2xx that comes again is confirmed again.
    const acks = line.trunk.methods.filter((one) => one === 'ACK').length;
    line.trunk.pickUp({ tag: 'two' });
    expect(line.trunk.methods.filter((one) => one === 'ACK')).toHaveLength(acks + 1);
  });

  test('an answer that nobody asked for is nobody’s', async () => {
    const line = callingTelephone();
    await line.dial();
    const invite = line.trunk.got('INVITE');
    const forged = invite.headers.map((one) =>
      one.name === 'via' ? { ...one, value: one.value.replace(/branch=[^;]+/, 'branch=z9hG4bKguess') } : one,
    );
    line.trunk.answer(200, { body: voiceAnswer }, { ...invite, headers: forged });
    expect([line.heard, line.ends]).toEqual([[], []]);
  });
});

describe('a session that we refresh', () => {
  test('by UPDATE where the other side allows it, and by re-INVITE elsewhere', async () => {
    const headers = ['Session-Expires: 100;refresher=uac', 'Contact: <sip:callee@198.51.100.7>'];
    const update = callingTelephone();
    await update.dial();
    update.trunk.pickUp({ headers: [...headers, 'Allow: INVITE, UPDATE'] });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(headerOf(update.trunk.got('UPDATE'), 'session-expires')).toBe('100;refresher=uac');
    const reinvite = callingTelephone();
    await reinvite.dial();
    reinvite.trunk.pickUp({ headers });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(sequence(reinvite.trunk.got('INVITE'))).toBe('2 INVITE');
    reinvite.trunk.pickUp({ headers });
    expect(sequence(reinvite.trunk.got('ACK'))).toBe('2 ACK');
    expect(reinvite.ends).toEqual([]);
  });

  test('a re-INVITE that meets one of the other side is sent again after a while', async () => {
    const line = callingTelephone();
    const leg = await line.dial();
    line.trunk.pickUp();
    leg.hold(true);
    expect(Buffer.from(line.trunk.got('INVITE').body).toString()).toContain('a=sendonly');
    line.trunk.ask('INVITE', { body: voiceAnswer });
    expect(line.trunk.statuses).toEqual(['491 INVITE']);
    line.trunk.answer(491);
    await vi.advanceTimersByTimeAsync(3_050);
    expect(sequence(line.trunk.got('INVITE'))).toBe('3 INVITE');
    line.trunk.answer(200, { body: voiceAnswer.replace('a=sendrecv', 'a=recvonly') });
    leg.hold(false);
    expect(Buffer.from(line.trunk.got('INVITE').body).toString()).toContain('a=sendrecv');
  });
});

describe('provisional answers that have to be confirmed', () => {
  const reliable = (rseq: number, more: readonly string[] = []): string[] => [
    'Contact: <sip:callee@198.51.100.7:5070>',
    'Require: 100rel',
    `RSeq: ${rseq}`,
    ...more,
  ];

  test('are, each once and in order', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(180, { headers: reliable(7) });
    line.trunk.answer(180, { headers: reliable(7) });
    line.trunk.answer(183, { headers: reliable(9) });
    line.trunk.answer(183, { headers: reliable(8) });
    const pracks = line.trunk.requests.filter(({ method }) => method === 'PRACK');
    expect(pracks.map((one) => [one.uri, headerOf(one, 'rack'), headerOf(one, 'cseq')])).toEqual([
      ['sip:callee@198.51.100.7:5070', '7 1 INVITE', '2 PRACK'],
      ['sip:callee@198.51.100.7:5070', '8 1 INVITE', '3 PRACK'],
    ]);
    expect(line.heard).toEqual(['180', '183']);
  });

  test('an answer in one stands: it may be changed by UPDATE, and the 200 need not repeat it', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(183, { headers: reliable(1), body: voiceAnswer });
    line.trunk.answer(200, {}, line.trunk.got('PRACK'));
    line.trunk.ask('UPDATE', { body: voiceAnswer.replace('5000', '5004') });
    expect(line.trunk.statuses).toEqual(['200 UPDATE']);
    line.trunk.pickUp();
    expect(line.heard).toEqual(['183 early', 'answered']);
    expect(line.agreed.map(({ remote }) => remote?.port)).toEqual([5_000, 5_004]);
  });

  test('an UPDATE before anything was agreed is put off', async () => {
    const line = callingTelephone();
    await line.dial();
    line.trunk.answer(180);
    line.trunk.ask('UPDATE', { body: voiceAnswer });
    expect(line.trunk.statuses).toEqual(['500 UPDATE']);
  });
});

test('a telephone that we called may be followed by another, within the trunk', async () => {
  const line = callingTelephone();
  const leg = await line.dial();
  line.trunk.pickUp();
  const colleague = new TestPhone(line.agent.transactions, '198.51.100.7');
  const headers = [`Replaces: ${leg.callId};to-tag=${leg.localTag};from-tag=callee`];
  colleague.send('INVITE', { fromTag: 'colleague', headers, body: voiceAnswer.replace('5000', '5800') });
  expect(colleague.statuses).toEqual(['200 INVITE']);
  expect([line.agreed.at(-1)?.remote?.port, line.trunk.methods.at(-1), line.ends]).toEqual([5_800, 'BYE', []]);
  const toTag = /tag=(\w+)/.exec(headerOf(colleague.received[0] ?? line.trunk.got('BYE'), 'to') ?? '')?.[1] ?? '';
  colleague.send('ACK', { fromTag: 'colleague', toTag });
  leg.hangUp();
  expect(colleague.requests.map(({ method }) => method)).toEqual(['BYE']);
  expect(line.ends).toEqual([{ cause: 'hung-up' }]);
  expect(await line.left()).toEqual([0, 0, 0]);
});

describe('what may not be dialled', () => {
  test.each<[string, Partial<CallOut>, Partial<Trunk>, RegExp]>([
    ['a number outside of the dial plan', { to: '+19005550100' }, {}, /dial plan/],
    ['a URI somewhere else', { to: 'sip:201@attacker.example' }, {}, /dial plan/],
    ['anything, where there is no dial plan', {}, { dial: [] }, /dial plan/],
    ['by a trunk that nobody knows', { trunk: 'other' }, {}, /no such trunk/],
    ['by a trunk that only brings calls', {}, { address: undefined }, /no address/],
    ['a number that would add headers', { to: '+17205550123\r\nX: y' }, {}, /dial plan/],
  ])('%s', async (_, out, trunk, why) => {
    const line = callingTelephone({ trunk });
    await line.dial(out);
    expect(line.ends).toMatchObject([{ cause: 'not-allowed', why: expect.stringMatching(why) as string }]);
    expect(line.trunk.received).toEqual([]);
    expect(await line.left()).toEqual([0, 0, 0]);
  });

  test('more calls at a time than the trunk takes, and more a day than the business has', async () => {
    const line = callingTelephone();
    const legs = [await line.dial(), await line.dial()];
    await line.dial();
    expect(line.ends).toMatchObject([
      { cause: 'not-allowed', why: 'the trunk takes 2 calls at a time', retryAfterS: 60 },
    ]);
    for (const leg of legs) leg.hangUp();
    line.trunk.answer(180);
    expect(await line.left()).toEqual([0, 0, 0]);
    for (let calls = 2; calls < 5; calls += 1) {
      await line.dial();
      line.trunk.answer(486);
    }
    await line.dial();
    const { why, retryAfterS } = line.ends.at(-1) ?? {};
    expect(why).toBe('the business has placed its 5 calls of today');
    const tomorrowMs = Date.now() + 1_000 * (retryAfterS ?? 0);
    expect(tomorrowMs % 86_400_000).toBeLessThan(1_000);
    await vi.advanceTimersByTimeAsync(86_400_000);
    await line.dial();
    line.trunk.answer(486);
    expect(line.ends.at(-1)?.cause).toBe('busy');
  });
});
