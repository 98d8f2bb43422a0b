import { beforeEach, describe, expect, it } from 'vitest';
import type { Session, SessionRequest, WidgetConfig } from '../../contract/session.ts';
import type { MediaOffer, ServerMessage } from '../../contract/signaling.ts';
import type { MediaLinkOptions } from '../media/media-link.ts';
import type { MicrophoneAnswer } from '../media/microphone.ts';
import { FakeNetwork } from '../test/fake-network.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { Call } from './call.ts';
import { ControlPlane } from './control-plane.ts';

const callId = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';
const config: WidgetConfig = {
  business: 'ridgeline-roofing',
  businessName: 'Ridgeline Roofing',
  agentName: 'Robin',
  locale: 'en-US',
  disclosure: { version: 'v7', text: 'An AI answers. The call is recorded.' },
};
const transport = { id: 't', iceParameters: {}, iceCandidates: [], dtlsParameters: {} };
const media: MediaOffer = { routerRtpCapabilities: {}, send: transport, receive: transport };
const voiceWelcome: ServerMessage = { type: 'welcome', callId, resumeKey: 'k', agentName: 'Robin', media };
const typedWelcome: ServerMessage = { type: 'welcome', callId, resumeKey: 'k', agentName: 'Robin' };
const ended: ServerMessage = { type: 'ended', reason: 'agent-goodbye', outcome: 'qualified', next: [] };
const booked: ServerMessage = {
  type: 'booked',
  serviceName: 'a visit',
  startMs: 1,
  endMs: 2,
  timeZone: 'America/Denver',
  icsUrl: 'https://host/a.ics',
};

/** A page without a browser: everything the call reaches for is here. */
class World {
  readonly network = new FakeNetwork();
  readonly clock = new ManualClock();
  readonly log: string[] = [];
  readonly sessions: SessionRequest[] = [];
  readonly track = { stopped: false, stop: () => (this.track.stopped = true) };
  microphone: MicrophoneAnswer = { ok: true, track: this.track as unknown as MediaStreamTrack };
  microphoneAsked: Promise<void> = Promise.resolve();
  mediaOptions: MediaLinkOptions | null = null;
  session: Response | null = null;

  readonly call = new Call({
    business: 'ridgeline-roofing',
    pageUrl: 'https://shop.example/',
    timeZone: 'America/Denver',
    audio: {} as HTMLAudioElement,
    controlPlane: new ControlPlane('https://host', (input, init) => this.#fetch(String(input), init)),
    clock: this.clock,
    openSocket: this.network.open,
    openMicrophone: async () => {
      this.log.push('microphone');
      await this.microphoneAsked;
      return this.microphone;
    },
    loadMedia: async () => (options) => {
      this.mediaOptions = options;
      return {
        build: async () => void this.log.push('media built'),
        receive: ({ type }) => void this.log.push(`media ${type}`),
        setMuted: (muted) => void this.log.push(`media muted ${muted}`),
        unblockSound: () => {},
        microphoneLevel: () => 0,
        close: () => void this.log.push('media closed'),
      };
    },
    listener: {
      state: () => {},
      started: (id) => this.log.push(`started ${id}`),
      booked: ({ serviceName }) => this.log.push(`booked ${serviceName}`),
      ended: (id, outcome) => this.log.push(`ended ${id} ${outcome}`),
      failed: ({ kind }) => this.log.push(`failed ${kind}`),
    },
  });

  async #fetch(url: string, init?: RequestInit): Promise<Response> {
    if (!url.endsWith('/v1/sessions')) return Response.json(config);
    this.sessions.push(JSON.parse(String(init?.body)));
    this.log.push('session');
    return (
      this.session?.clone() ??
      Response.json({
        callId,
        token: `token ${this.sessions.length}`,
        signalingUrl: 'wss://node/v1/signaling',
        expiresAtMs: 1,
      } satisfies Session)
    );
  }

  async talk(mode: 'voice' | 'text' = 'voice'): Promise<void> {
    await this.call.load();
    await this.call.start(mode);
    this.network.last.opens();
    this.network.last.says(mode === 'voice' ? voiceWelcome : typedWelcome);
    await flushMicrotasks();
  }
}

async function flushMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('Call', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('asks for the microphone after consent, and for the session after the microphone', async () => {
    await world.call.load();
    expect(world.log).toEqual([]);
    await world.call.start('voice');
    expect(world.log).toEqual(['microphone', 'session']);
    expect(world.sessions).toEqual([
      {
        business: 'ridgeline-roofing',
        mode: 'voice',
        consent: { accepted: true, version: 'v7' },
        pageUrl: 'https://shop.example/',
        timeZone: 'America/Denver',
      },
    ]);
  });

  it('never asks for the microphone in a typed call', async () => {
    await world.talk('text');
    expect(world.log).toEqual(['session', `started ${callId}`]);
    world.call.say('  hello  ');
    world.call.say('   ');
    expect(world.network.last.sent).toEqual([
      { type: 'hello', token: 'token 1', mode: 'text' },
      { type: 'say', text: 'hello' },
    ]);
  });

  it('starts no session without a microphone, and offers to type', async () => {
    world.microphone = { ok: false, fault: 'denied' };
    await world.call.load();
    await world.call.start('voice');
    expect(world.call.state).toMatchObject({ phase: 'microphone', microphoneFault: 'denied' });
    expect(world.sessions).toEqual([]);
    await world.call.start('text');
    expect(world.sessions.map(({ mode }) => mode)).toEqual(['text']);
  });

  it('lets go of a microphone that was granted after the visitor left', async () => {
    let grant = (): void => {};
    world.microphoneAsked = new Promise((resolve) => {
      grant = resolve;
    });
    await world.call.load();
    const starting = world.call.start('voice');
    world.call.leave();
    grant();
    await starting;
    expect(world.track.stopped).toBe(true);
    expect(world.sessions).toEqual([]);
  });

  it('gets a fresh session once for a stale token, without asking for the microphone again', async () => {
    await world.call.load();
    await world.call.start('voice');
    for (const attempt of [1, 2]) {
      world.network.last.opens();
      expect(world.network.last.sent).toEqual([{ type: 'hello', token: `token ${attempt}`, mode: 'voice' }]);
      world.network.last.says({ type: 'problem', code: 'token-expired', message: 'Expired.', action: 'Start again.' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.log).toEqual(['microphone', 'session', 'session', 'failed problem']);
    expect(world.track.stopped).toBe(true);
  });

  it('shows the host’s own words for a refusal', async () => {
    world.session = Response.json(
      { error: { code: 'at-capacity', message: 'All lines are busy.', action: 'Try later.' } },
      { status: 503 },
    );
    await world.call.load();
    await world.call.start('text');
    expect(world.call.state).toMatchObject({
      phase: 'failed',
      failure: { kind: 'problem', code: 'at-capacity', message: 'All lines are busy.', action: 'Try later.' },
    });
  });

  it.each([
    ['an answer of another shape', Response.json({ hello: 1 }), 'bad-answer'],
    ['a page instead of an answer', new Response('<html>', { status: 502 }), 'bad-answer'],
  ])('tells %s from a refusal', async (_, response, kind) => {
    world.session = response;
    await world.call.load();
    await world.call.start('text');
    expect(world.call.state.failure).toEqual({ kind });
  });

  it('builds media on the welcome, and hands it what the node says', async () => {
    await world.talk();
    world.network.last.says({ type: 'flush' });
    world.network.last.says({ type: 'agent-state', state: 'speaking' });
    expect(world.log.slice(2)).toEqual([`started ${callId}`, 'media built', 'media flush', 'media agent-state']);
  });

  it('mutes the track and tells the node', async () => {
    await world.talk();
    world.call.setMuted(true);
    expect(world.log.at(-1)).toBe('media muted true');
    expect(world.network.last.sent.at(-1)).toEqual({ type: 'mute', muted: true });
    expect(world.call.state.muted).toBe(true);
  });

  it('hangs up: silent at once, then the host’s last word', async () => {
    await world.talk();
    world.call.hangUp();
    expect(world.log).toContain('media closed');
    expect(world.track.stopped).toBe(true);
    expect(world.network.last.sent.at(-1)).toEqual({ type: 'hang-up' });
    world.network.last.says({ ...ended, reason: 'caller-hang-up' });
    expect(world.log.at(-1)).toBe(`ended ${callId} qualified`);
    expect(world.network.last.closed).toBe(true);
  });

  it('ends by itself when the host has no last word within 2 s', async () => {
    await world.talk();
    world.network.last.says(booked);
    world.call.hangUp();
    world.clock.advance(1_999);
    expect(world.call.state.phase).toBe('talking');
    world.clock.advance(1);
    expect(world.call.state).toMatchObject({ phase: 'ended', ended: { reason: 'caller-hang-up' } });
    expect(world.log.at(-1)).toBe(`ended ${callId} appointment-booked`);
  });

  it('says that the connection was lost, and keeps the booking', async () => {
    await world.talk();
    world.network.last.says(booked);
    world.network.last.breaks();
    expect(world.call.state.socket).toBe('down');
    for (let second = 0; second < 20; second += 1) {
      world.clock.advance(1_000);
      world.network.last.breaks();
    }
    expect(world.call.state).toMatchObject({ phase: 'ended', ended: { reason: 'connection-lost' } });
    expect(world.call.state.bookings).toHaveLength(1);
    expect(world.track.stopped).toBe(true);
  });

  it('ends when the node no longer knows the call it resumes', async () => {
    await world.talk();
    world.network.last.breaks();
    world.clock.advance(250);
    world.network.last.opens();
    world.network.last.says({ type: 'problem', code: 'call-ended', message: 'Over.', action: 'Start a new call.' });
    expect(world.call.state).toMatchObject({ phase: 'ended', ended: { reason: 'connection-lost' } });
  });

  it('shows a problem that the call survives', async () => {
    await world.talk();
    world.network.last.says({ type: 'problem', code: 'rate-limited', message: 'Too fast.', action: 'Slow down.' });
    expect(world.call.state).toMatchObject({
      phase: 'talking',
      notice: { message: 'Too fast.', action: 'Slow down.' },
    });
  });

  it('takes an unanswered node for a lost socket', async () => {
    await world.talk();
    world.mediaOptions?.onUnanswered();
    expect(world.call.state.socket).toBe('down');
  });

  it('offers to type when no sound can be exchanged', async () => {
    await world.talk();
    world.mediaOptions?.onFailure(new Error('no codec'));
    expect(world.call.state).toMatchObject({ phase: 'failed', failure: { kind: 'media-failed' } });
    expect(world.network.last.sent.at(-1)).toEqual({ type: 'hang-up' });
  });

  it('tells the node that a call was cancelled while it was connecting', async () => {
    await world.call.load();
    await world.call.start('voice');
    world.network.last.opens();
    world.call.leave();
    world.network.last.says(voiceWelcome);
    expect(world.network.last.sent.slice(1)).toEqual([{ type: 'hang-up' }]);
    expect(world.network.last.closed).toBe(true);
    expect(world.log).toEqual(['microphone', 'session']);
  });

  it('tells the node at most every 2 s that the visitor is writing', async () => {
    await world.talk('text');
    const typings = () => world.network.last.sent.filter(({ type }) => type === 'typing').length;
    world.call.typing();
    expect(typings()).toBe(1);
    world.clock.advance(1_999);
    world.call.typing();
    expect(typings()).toBe(1);
    world.clock.advance(1);
    world.call.typing();
    expect(typings()).toBe(2);
  });

  it('tells the page of a booking once, however often the node repeats it', async () => {
    await world.talk();
    world.network.last.says(booked);
    world.network.last.says(booked);
    expect(world.log.filter((line) => line.startsWith('booked'))).toEqual(['booked a visit']);
  });

  it('tells the node when the page goes away', async () => {
    await world.talk();
    world.call.leave();
    expect(world.network.last.sent.at(-1)).toEqual({ type: 'hang-up' });
    expect(world.log.at(-1)).toBe(`ended ${callId} incomplete`);
  });
});
