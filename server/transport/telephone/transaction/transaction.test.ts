import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeResponse } from '../message/make-response.ts';
import { parseMessage } from '../message/parse-message.ts';
import type { SipRequest } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import { InviteServer } from './invite-server.ts';
import { NonInviteClient } from './non-invite-client.ts';
import { NonInviteServer } from './non-invite-server.ts';
import type { After } from './timing.ts';
import { type NewRequest, TransactionLayer, type TransactionUser } from './transaction-layer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after: After = (delayMs, work) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

function request(method: string, branch = 'z9hG4bK1', host = '192.0.2.9'): SipRequest {
  const lines = [
    `${method} sip:a@b SIP/2.0`,
    `Via: SIP/2.0/UDP ${host};branch=${branch}`,
    'From: <sip:c@d>;tag=1',
    'To: <sip:a@b>',
    'Call-ID: 1',
    `CSeq: 1 ${method}`,
  ];
  const result = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  if (!result.ok || result.message.kind !== 'request') throw new Error('The sample is no request.');
  return result.message;
}

/** Keeps the first line of everything that was sent. */
function peer(transport: Flow['transport'] = 'UDP') {
  const sent: string[] = [];
  const send = (bytes: Uint8Array): void =>
    void sent.push(Buffer.from(bytes).toString('latin1').split('\r\n')[0] ?? '');
  const flow: Flow = { transport, address: '192.0.2.9', port: 5_060, send };
  return { flow, sent };
}

function inviteServer(transport?: Flow['transport']) {
  const { flow, sent } = peer(transport);
  const listener = { noAck: vi.fn<() => void>(), terminated: vi.fn<() => void>() };
  const invite = request('INVITE');
  const machine = new InviteServer(invite, flow, after, listener);
  return {
    machine,
    sent,
    listener,
    respond: (status: number) => machine.respond(makeResponse(invite, status)),
    invite,
  };
}

describe('InviteServer', () => {
  test('a repeated INVITE gets the last answer again', () => {
    const { machine, sent, respond, invite } = inviteServer();
    respond(180);
    machine.receive(invite);
    expect(sent).toEqual(['SIP/2.0 180 Ringing', 'SIP/2.0 180 Ringing']);
  });

  test('a refusal is repeated at 0.5, 1.5, 3.5, 7.5 s, until its ACK comes', () => {
    const { machine, sent, respond, listener } = inviteServer();
    respond(486);
    vi.advanceTimersByTime(7_600);
    expect(sent).toHaveLength(5);
    machine.receive(request('ACK'));
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(5);
    expect([listener.noAck.mock.calls.length, listener.terminated.mock.calls.length]).toEqual([0, 1]);
  });

  test('a refusal that nobody confirms is given up after 32 s', () => {
    const { respond, sent, listener } = inviteServer();
    respond(486);
    vi.advanceTimersByTime(32_000);
    expect(sent).toHaveLength(11);
    expect(listener.noAck).toHaveBeenCalledOnce();
  });

  test('over a connection nothing is repeated', () => {
    const { respond, sent } = inviteServer('TCP');
    respond(486);
    vi.advanceTimersByTime(32_000);
    expect(sent).toHaveLength(1);
  });

  test('after a 2xx only 2xx are sent, and repeated INVITEs are swallowed', () => {
    const { machine, respond, sent, invite, listener } = inviteServer();
    respond(200);
    machine.receive(invite);
    respond(487);
    respond(200);
    expect(sent).toEqual(['SIP/2.0 200 OK', 'SIP/2.0 200 OK']);
    vi.advanceTimersByTime(32_000);
    expect(listener.terminated).toHaveBeenCalledOnce();
  });
});

test('NonInviteServer repeats its last answer for 32 s, and answers once only', () => {
  const { flow, sent } = peer();
  const terminated = vi.fn<() => void>();
  const bye = request('BYE');
  const machine = new NonInviteServer(bye, flow, after, terminated);
  machine.receive();
  expect(sent).toEqual([]);
  machine.respond(makeResponse(bye, 200));
  machine.respond(makeResponse(bye, 500));
  machine.receive();
  expect(sent).toEqual(['SIP/2.0 200 OK', 'SIP/2.0 200 OK']);
  vi.advanceTimersByTime(32_000);
  expect(terminated).toHaveBeenCalledOnce();
});

describe('NonInviteClient', () => {
  function client(transport?: Flow['transport']) {
    const { flow, sent } = peer(transport);
    const listener = { response: vi.fn<() => void>(), timeout: vi.fn<() => void>(), terminated: vi.fn<() => void>() };
    const bye = request('BYE');
    const machine = new NonInviteClient(bye, flow, after, listener);
    return { machine, sent, listener, receive: (status: number) => machine.receive(makeResponse(bye, status)) };
  }

  test('repeats with growing pauses and gives up after 32 s', () => {
    const { sent, listener } = client();
    vi.advanceTimersByTime(31_999);
    expect(listener.timeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(11);
    expect([listener.timeout.mock.calls.length, listener.terminated.mock.calls.length]).toEqual([1, 1]);
  });

  test('a provisional answer slows the repetition down; a final one ends it and is told once', () => {
    const { sent, listener, receive } = client();
    receive(100);
    vi.advanceTimersByTime(3_999);
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(2);
    receive(200);
    receive(200);
    vi.advanceTimersByTime(60_000);
    expect([sent.length, listener.response.mock.calls.length, listener.timeout.mock.calls.length]).toEqual([2, 2, 0]);
  });
});

describe('whatever happens', () => {
  type Step = { advanceMs: number } | { status: number } | { again: 'INVITE' | 'ACK' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ advanceMs: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ status: fc.constantFrom(100, 180, 200, 302, 404, 486, 503) }),
    fc.record({ again: fc.constantFrom('INVITE' as const, 'ACK' as const) }),
  );

  test('an INVITE gets final answers of one kind only, and its machine ends and leaves no timer', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom('UDP' as const, 'TCP' as const), (steps, over) => {
        const { machine, sent, respond, listener } = inviteServer(over);
        for (const one of steps) {
          if ('advanceMs' in one) vi.advanceTimersByTime(one.advanceMs);
          else if ('status' in one) respond(one.status);
          else machine.receive(request(one.again));
        }
        respond(486);
        vi.advanceTimersByTime(70_000);
        const finals = new Set(sent.filter((line) => !line.startsWith('SIP/2.0 1')));
        expect(finals.size).toBe(1);
        expect(machine.state).toBe('terminated');
        expect(listener.terminated).toHaveBeenCalledOnce();
        expect(vi.getTimerCount()).toBe(0);
        const before = sent.length;
        machine.receive(request('INVITE'));
        respond(200);
        expect(sent).toHaveLength(before);
      }),
    );
  });
});

describe('TransactionLayer', () => {
  function layer(most?: number) {
    const invites: InviteServer[] = [];
    const user = {
      invite: (invite: NewRequest<InviteServer>): void => void invites.push(invite.begin()),
      request: vi.fn<TransactionUser['request']>(({ begin }) => void begin()),
      ack: vi.fn<() => void>(),
    };
    return { layer: new TransactionLayer(after, user, most), user, invites, ...peer() };
  }

  test('the same branch from two senders is two requests; repeated, it is none', () => {
    const { layer: transactions, user, flow } = layer();
    transactions.request(request('OPTIONS'), flow);
    transactions.request(request('OPTIONS'), flow);
    transactions.request(request('OPTIONS', 'z9hG4bK1', '192.0.2.8'), flow);
    transactions.request(request('INFO'), flow);
    expect(user.request).toHaveBeenCalledTimes(3);
  });

  test('a CANCEL comes with the INVITE it is for; an ACK of a refusal goes no further', () => {
    const { layer: transactions, user, invites, flow } = layer();
    transactions.request(request('INVITE'), flow);
    transactions.request(request('CANCEL'), flow);
    expect(user.request).toHaveBeenCalledWith(expect.anything(), invites[0]);
    invites[0]?.respond(makeResponse(request('INVITE'), 487));
    transactions.request(request('ACK'), flow);
    expect(user.ack).not.toHaveBeenCalled();
    transactions.request(request('ACK', 'z9hG4bKother'), flow);
    expect(user.ack).toHaveBeenCalledOnce();
  });

  test('branches of before RFC 3261 are told apart by what the request says', () => {
    const { layer: transactions, user, flow } = layer();
    transactions.request(request('OPTIONS', '1'), flow);
    transactions.request(request('OPTIONS', '1'), flow);
    expect(user.request).toHaveBeenCalledOnce();
  });

  test('what is answered without a trace is new when it comes again', () => {
    const { layer: transactions, user, flow, sent } = layer();
    user.request.mockImplementation(({ request: bye, answer }) => answer(makeResponse(bye, 481)));
    for (let n = 0; n < 2; n += 1) transactions.request(request('BYE'), flow);
    vi.advanceTimersByTime(32_000);
    const answer = 'SIP/2.0 481 Call/Transaction Does Not Exist';
    expect([transactions.size, sent]).toEqual([0, [answer, answer]]);
  });

  test('beyond its cap it remembers nothing and says 503', () => {
    const { layer: transactions, user, flow, sent } = layer(100);
    for (let n = 0; n < 101; n += 1) transactions.request(request('OPTIONS', `z9hG4bK${n}`), flow);
    expect([transactions.size, user.request.mock.calls.length]).toEqual([100, 100]);
    expect(sent).toEqual(['SIP/2.0 503 Service Unavailable']);
  });
});
