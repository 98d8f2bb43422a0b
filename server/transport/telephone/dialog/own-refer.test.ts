import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { headerOf } from '../message/sip-message.ts';
import { callingTelephone } from '../testing/calling-telephone.ts';
import type { OutboundLeg } from './outbound-leg.ts';
import type { ReferOutcome } from './own-refer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A call that was answered, and is to be transferred. */
async function transferring(target = '+17205550177') {
  const line = callingTelephone();
  const leg: OutboundLeg = await line.dial();
  line.trunk.pickUp();
  const progress: string[] = [];
  const outcomes: ReferOutcome[] = [];
  const refer = (): Promise<unknown> =>
    leg.refer(target, (one) => progress.push(one)).then((outcome) => outcomes.push(outcome));
  const done = refer();
  let cseq = 0;
  const notify = (body: string, state = 'active;expires=60', event = 'refer'): void => {
    cseq += 1;
    const headers = [`Event: ${event}`, `Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'];
    line.trunk.ask('NOTIFY', { cseq, headers, body });
  };
  const answer = (status: number): void => line.trunk.answer(status, {}, line.trunk.got('REFER'));
  return { line, leg, progress, outcomes, done, notify, answer, refer };
}

describe('a transfer that we ask for', () => {
  test('is taken on, rings and is answered', async () => {
    const { line, progress, outcomes, done, notify, answer } = await transferring();
    const refer = line.trunk.got('REFER');
    expect(headerOf(refer, 'refer-to')).toBe('<sip:+17205550177@sip.carrier.example>');
    expect(headerOf(refer, 'referred-by')).toBe('<sip:+17205550100@sip.carrier.example>');
    answer(202);
    notify('SIP/2.0 100 Trying\r\n');
    notify('SIP/2.0 180 Ringing\r\n');
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    await done;
    expect(line.trunk.statuses).toEqual(['200 NOTIFY', '200 NOTIFY', '200 NOTIFY']);
    expect([progress, outcomes]).toEqual([['accepted', 'ringing'], [{ outcome: 'answered' }]]);
    expect(line.ends).toEqual([]);
  });

  test.each<[string, (call: Awaited<ReturnType<typeof transferring>>) => void, ReferOutcome]>([
    ['refused', ({ answer }) => answer(405), { outcome: 'failed', status: 405 }],
    [
      'busy',
      ({ answer, notify }) => [answer(202), notify('SIP/2.0 486 Busy Here\r\n')],
      { outcome: 'failed', status: 486 },
    ],
    ['told of before it is accepted', ({ notify }) => notify('SIP/2.0 200 OK'), { outcome: 'answered' }],
    ['ended without a word', ({ answer, notify }) => [answer(202), notify('', 'terminated')], { outcome: 'failed' }],
    ['gone with a BYE', ({ answer, line }) => [answer(202), line.trunk.ask('BYE')], { outcome: 'gone' }],
    ['hung up instead', ({ line }) => line.trunk.ask('BYE'), { outcome: 'failed' }],
  ])('%s', async (_, act, outcome) => {
    const call = await transferring();
    act(call);
    await call.done;
    expect(call.outcomes).toEqual([outcome]);
  });

  test('nobody tells of it: failed after two minutes, and the call goes on', async () => {
    const { line, outcomes, answer } = await transferring();
    answer(202);
    await vi.advanceTimersByTimeAsync(120_000);
    expect([outcomes, line.ends]).toEqual([[{ outcome: 'failed' }], []]);
  });

  test('a second one at the same time, and one to no address, fail without a word', async () => {
    const { line, outcomes, refer } = await transferring();
    await refer();
    expect(outcomes).toEqual([{ outcome: 'failed' }]);
    expect(line.trunk.methods.filter((one) => one === 'REFER')).toHaveLength(1);
    const other = await transferring('sip:a@b.example>\r\nX: y');
    await other.done;
    expect([other.outcomes, other.line.trunk.methods.includes('REFER')]).toEqual([[{ outcome: 'failed' }], false]);
  });

  test('a NOTIFY about something else is refused', async () => {
    const { line, notify } = await transferring();
    notify('SIP/2.0 200 OK\r\n', 'active', 'message-summary');
    expect(line.trunk.statuses).toEqual(['481 NOTIFY']);
  });

  test('attended: the other leg’s dialog is named as its telephone knows it', async () => {
    const line = callingTelephone();
    const [caller, person] = [await line.dial(), await line.dial()];
    const [ofPerson, ofCaller] = line.trunk.requests.filter(({ method }) => method === 'INVITE').toReversed();
    line.trunk.pickUp({ tag: 'person' });
    line.trunk.answer(200, { tag: 'caller', body: Buffer.from(ofCaller?.body ?? []).toString() }, ofCaller);
    void caller.refer(person.replaceableUri ?? '');
    const callId = headerOf(ofPerson ?? line.trunk.got('INVITE'), 'call-id');
    expect(headerOf(line.trunk.got('REFER'), 'refer-to')).toBe(
      `<sip:callee@198.51.100.7:5070?Replaces=${callId}%3Bto-tag%3Dperson%3Bfrom-tag%3D${person.localTag}>`,
    );
  });
});

test('a transfer that the other side asks us for is refused', async () => {
  const line = callingTelephone();
  await line.dial();
  line.trunk.pickUp();
  line.trunk.ask('REFER', { headers: ['Refer-To: <sip:+19005550100@sip.carrier.example>'] });
  expect(line.trunk.statuses).toEqual(['603 REFER']);
  expect(line.trunk.methods).toEqual(['INVITE', 'ACK']);
});
