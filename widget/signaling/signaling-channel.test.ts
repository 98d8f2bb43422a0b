import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../contract/signaling.ts';
import { FakeNetwork } from '../test/fake-network.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { SignalingChannel } from './signaling-channel.ts';

const callId = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';
const welcome: ServerMessage = { type: 'welcome', callId, resumeKey: 'key', agentName: 'Robin' };

function setUp() {
  const network = new FakeNetwork();
  const clock = new ManualClock();
  const messages: ServerMessage[] = [];
  const told: string[] = [];
  const channel = new SignalingChannel({
    url: 'ws://node/v1/signaling',
    token: 'token',
    mode: 'voice',
    openSocket: network.open,
    clock,
    listener: {
      message: (message) => messages.push(message),
      down: () => told.push('down'),
      lost: () => told.push('lost'),
    },
  });
  return { network, clock, messages, told, channel };
}

function setUpWelcomed() {
  const world = setUp();
  world.network.last.opens();
  world.network.last.says(welcome);
  return world;
}

describe('SignalingChannel', () => {
  it('says hello with the token first', () => {
    const { network } = setUp();
    expect(network.last.sent).toEqual([]);
    network.last.opens();
    expect(network.last.sent).toEqual([{ type: 'hello', token: 'token', mode: 'voice' }]);
  });

  it('keeps what is said before the welcome, in order', () => {
    const { network, channel } = setUp();
    channel.send({ type: 'say', text: 'one' });
    network.last.opens();
    channel.send({ type: 'say', text: 'two' });
    network.last.says(welcome);
    expect(network.last.sent.slice(1)).toEqual([
      { type: 'say', text: 'one' },
      { type: 'say', text: 'two' },
    ]);
  });

  it('passes over what the contract does not know', () => {
    const { network, messages, told } = setUpWelcomed();
    for (const bad of ['{', '[]', '{"type":"weather"}', '{"type":"caption","id":1}', new ArrayBuffer(4)])
      network.last.saysRaw(bad);
    expect(messages).toEqual([welcome]);
    expect(told).toEqual([]);
  });

  it('resumes the same call with its key after the socket broke', () => {
    const { network, clock, told, channel } = setUpWelcomed();
    network.last.breaks();
    expect(told).toEqual(['down']);
    channel.send({ type: 'say', text: 'still here' });
    clock.advance(250);
    network.last.opens();
    expect(network.last.sent).toEqual([{ type: 'resume', callId, resumeKey: 'key' }]);
    network.last.says(welcome);
    expect(network.last.sent.at(-1)).toEqual({ type: 'say', text: 'still here' });
  });

  it('backs off from 250 ms to 2 s, and gives up after 15 s', () => {
    const { network, clock, told } = setUpWelcomed();
    const startMs = clock.nowMs();
    const attemptsAtMs: number[] = [];
    network.last.breaks();
    let seen = network.sockets.length;
    while (!told.includes('lost') && clock.nowMs() < startMs + 60_000) {
      clock.advance(50);
      if (network.sockets.length > seen) {
        seen = network.sockets.length;
        attemptsAtMs.push(clock.nowMs() - startMs);
        network.last.breaks();
      }
    }
    expect(attemptsAtMs.slice(0, 6)).toEqual([250, 750, 1_750, 3_750, 5_750, 7_750]);
    expect(told).toEqual(['down', 'lost']);
    expect(clock.nowMs() - startMs).toBeLessThanOrEqual(15_250);
  });

  it('gives up an attempt that hangs, within the same 15 s', () => {
    const { network, clock, told } = setUpWelcomed();
    network.last.breaks();
    clock.advance(14_900);
    expect(network.sockets.length).toBeGreaterThan(3);
    expect(told).toEqual(['down']);
    clock.advance(1_100);
    expect(told).toEqual(['down', 'lost']);
  });

  it('starts the back-off anew after each welcome', () => {
    const { network, clock } = setUpWelcomed();
    network.last.breaks();
    clock.advance(250);
    network.last.breaks();
    clock.advance(500);
    network.last.opens();
    network.last.says(welcome);
    network.last.breaks();
    const before = network.sockets.length;
    clock.advance(250);
    expect(network.sockets.length).toBe(before + 1);
  });

  it('does not try again when there was never a welcome', () => {
    const { network, clock, told } = setUp();
    network.last.breaks();
    clock.advance(60_000);
    expect(told).toEqual(['lost']);
    expect(network.sockets).toHaveLength(1);
  });

  it('calls a host lost that opens the socket and stays silent', () => {
    const { network, clock, told } = setUp();
    network.last.opens();
    clock.advance(8_000);
    expect(told).toEqual(['lost']);
  });

  it('reconnects when the socket is suspected', () => {
    const { network, clock, told, channel } = setUpWelcomed();
    const first = network.last;
    channel.suspect();
    expect(first.closed).toBe(true);
    expect(told).toEqual(['down']);
    clock.advance(250);
    expect(network.last).not.toBe(first);
  });

  it('drops while the connection is down what is worth nothing later', () => {
    const { network, clock, channel } = setUpWelcomed();
    network.last.breaks();
    channel.send({ type: 'typing' });
    channel.send({ type: 'media-stats', roundTripMs: 1, jitterBufferMs: 1 });
    clock.advance(250);
    network.last.opens();
    network.last.says(welcome);
    expect(network.last.sent.map(({ type }) => type)).toEqual(['resume']);
  });

  it('delivers a hang-up of a call that was closed before its welcome', () => {
    const { network, messages, told, channel } = setUp();
    network.last.opens();
    channel.send({ type: 'hang-up' });
    channel.close();
    network.last.says(welcome);
    expect(network.last.sent.slice(1)).toEqual([{ type: 'hang-up' }]);
    expect(network.last.closed).toBe(true);
    expect([messages, told]).toEqual([[], []]);
  });

  it('delivers a hang-up of a call that was closed while its connection was down', () => {
    const { network, clock, messages, told, channel } = setUpWelcomed();
    network.last.breaks();
    channel.send({ type: 'hang-up' });
    channel.close();
    clock.advance(250);
    network.last.opens();
    network.last.says(welcome);
    expect(network.last.sent).toEqual([{ type: 'resume', callId, resumeKey: 'key' }, { type: 'hang-up' }]);
    expect(network.last.closed).toBe(true);
    expect([messages, told]).toEqual([[welcome], ['down']]);
  });

  it('begins no call just to hang it up', () => {
    const { network, channel } = setUp();
    channel.send({ type: 'hang-up' });
    channel.close();
    expect(network.last.closed).toBe(true);
    network.last.opens();
    expect(network.last.sent).toEqual([]);
  });

  it('keeps a closed call’s hang-up no longer than a call’s own connection', () => {
    const { network, clock, told, channel } = setUpWelcomed();
    network.last.breaks();
    channel.send({ type: 'hang-up' });
    channel.close();
    clock.advance(16_000);
    const attempts = network.sockets.length;
    expect(attempts).toBeGreaterThan(3);
    clock.advance(60_000);
    expect(network.sockets).toHaveLength(attempts);
    expect(told).toEqual(['down']);
  });

  it('lets a hang-up go when the node refuses it', () => {
    const { network, clock, channel } = setUpWelcomed();
    network.last.breaks();
    channel.send({ type: 'hang-up' });
    channel.close();
    clock.advance(250);
    network.last.opens();
    network.last.says({ type: 'problem', code: 'call-ended', message: 'Over.', action: 'Start a new call.' });
    expect(network.last.closed).toBe(true);
    clock.advance(60_000);
    expect(network.sockets).toHaveLength(2);
  });

  it('is silent after close, whatever the old socket does', () => {
    const { network, clock, told, messages, channel } = setUpWelcomed();
    channel.close();
    network.last.breaks();
    network.last.says({ type: 'flush' });
    clock.advance(60_000);
    expect(told).toEqual([]);
    expect(messages).toEqual([welcome]);
    expect(network.sockets).toHaveLength(1);
  });
});
