import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WidgetConfig } from '../../contract/session.ts';
import type { ServerMessage } from '../../contract/signaling.ts';
import { type CallState, type Ended, initialState, lineOf } from './call-state.ts';
import { type CallEvent, reduce } from './reduce.ts';

const config: WidgetConfig = {
  business: 'ridgeline-roofing',
  businessName: 'Ridgeline Roofing',
  agentName: 'Robin',
  locale: 'en-US',
  disclosure: { version: '1', text: 'An AI answers. The call is recorded.' },
};
const callId = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';
const media = {
  routerRtpCapabilities: {},
  send: { id: 's', iceParameters: {}, iceCandidates: [], dtlsParameters: {} },
  receive: { id: 'r', iceParameters: {}, iceCandidates: [], dtlsParameters: {} },
};
const ended: Ended = { reason: 'agent-goodbye', outcome: 'qualified', next: ['We call you.'] };
const say = <Message extends ServerMessage>(message: Message) => ({ type: 'message', message }) as const;
const welcome = say({ type: 'welcome', callId, resumeKey: 'k', agentName: 'Robin', media });
const typedWelcome = say({ type: 'welcome', callId, resumeKey: 'k', agentName: 'Robin' });
const caption = (id: string, text: string, final: boolean): CallEvent =>
  say({ type: 'caption', id, who: 'caller', text, final, atMs: 1 });
const booked = say({
  type: 'booked',
  serviceName: 'a visit',
  startMs: 1,
  endMs: 2,
  timeZone: 'America/Denver',
  icsUrl: 'https://host/a.ics',
});

const after = (...events: CallEvent[]): CallState => events.reduce(reduce, initialState);
const toTalking: CallEvent[] = [{ type: 'config', config }, { type: 'consent', mode: 'voice' }, welcome];

describe('reduce', () => {
  it('goes from disclosure to consent to the conversation to its end', () => {
    expect(after().phase).toBe('loading');
    expect(after({ type: 'config', config }).phase).toBe('consent');
    expect(after({ type: 'config', config }, { type: 'consent', mode: 'voice' }).phase).toBe('connecting');
    expect(after(...toTalking).phase).toBe('talking');
    expect(after(...toTalking, say({ type: 'ended', ...ended }))).toMatchObject({ phase: 'ended', ended });
  });

  it('does not take a consent to something that was never shown', () => {
    expect(after({ type: 'consent', mode: 'voice' }).phase).toBe('loading');
  });

  it('offers the typed call after a microphone fault, and takes it', () => {
    const fault = after(
      { type: 'config', config },
      { type: 'consent', mode: 'voice' },
      { type: 'microphone-fault', fault: 'denied' },
    );
    expect(fault).toMatchObject({ phase: 'microphone', microphoneFault: 'denied' });
    const typed = [{ type: 'consent', mode: 'text' } as const, typedWelcome].reduce(reduce, fault);
    expect(typed).toMatchObject({ phase: 'talking', mode: 'text', microphoneFault: null });
    expect(lineOf(typed)).toBe('up');
  });

  it('makes a voice call typed when the node has no media', () => {
    const state = after({ type: 'config', config }, { type: 'consent', mode: 'voice' }, typedWelcome);
    expect(state).toMatchObject({ mode: 'text', media: 'none' });
  });

  it('shows socket and media trouble as one line', () => {
    const connecting = after(...toTalking);
    expect(lineOf(connecting)).toBe('connecting');
    const up = reduce(connecting, { type: 'media', media: 'up' });
    expect(lineOf(up)).toBe('up');
    expect(lineOf(reduce(up, { type: 'socket-down' }))).toBe('reconnecting');
    expect(lineOf(reduce(reduce(up, { type: 'socket-down' }), welcome))).toBe('up');
    expect(lineOf(reduce(up, say({ type: 'media-restart', media })))).toBe('reconnecting');
  });

  it('replaces interim words, keeps final ones, drops what was not heard', () => {
    const captions = (...events: CallEvent[]) => after(...toTalking, ...events).captions.map(({ text }) => text);
    expect(captions(caption('1', 'I ne', false), caption('1', 'I need a roof', true))).toEqual(['I need a roof']);
    expect(captions(caption('1', 'final', true), caption('1', 'late interim', false))).toEqual(['final']);
    expect(captions(caption('1', 'unheard', false), caption('1', '', true))).toEqual([]);
    expect(captions(caption('1', 'one', true), caption('2', 'two', false), caption('1', 'one!', true))).toEqual([
      'one!',
      'two',
    ]);
  });

  it('takes out words that nobody heard, also when they were final', () => {
    const captions = (...events: CallEvent[]) => after(...toTalking, ...events).captions.map(({ id }) => id);
    const spoken = [caption('1', 'Hello.', true), caption('2', 'How big is it?', true), caption('3', 'Twelve', false)];
    expect(captions(...spoken, caption('2', '', true))).toEqual(['1', '3']);
    expect(captions(...spoken, caption('3', '', true))).toEqual(['1', '2']);
    expect(captions(...spoken, caption('4', '', true))).toEqual(['1', '2', '3']);
  });

  it('replaces what the node says again after a resume', () => {
    const first = after(...toTalking, caption('1', 'Hello.', true), caption('2', 'A ro', false), booked);
    const moved = { ...booked.message, startMs: 3 };
    const again = [
      { type: 'socket-down' } as const,
      welcome,
      caption('1', 'Hello.', true),
      caption('2', 'A roof.', true),
      say({ ...booked.message, serviceName: 'an inspection' }),
      say(moved),
    ].reduce(reduce, first);
    expect(again.captions.map(({ text }) => text)).toEqual(['Hello.', 'A roof.']);
    expect(again.bookings).toMatchObject([
      { startMs: 1, serviceName: 'an inspection' },
      { startMs: 3, serviceName: 'a visit' },
    ]);
  });

  it('clears the conversation for the next call', () => {
    const again = after(...toTalking, caption('1', 'hello', true), booked, say({ type: 'ended', ...ended }), {
      type: 'consent',
      mode: 'voice',
    });
    expect(again).toMatchObject({ phase: 'connecting', captions: [], bookings: [], ended: null, callId: null, config });
  });

  it('does not mute a typed call', () => {
    const typed = after({ type: 'config', config }, { type: 'consent', mode: 'text' }, typedWelcome);
    expect(reduce(typed, { type: 'mute', muted: true }).muted).toBe(false);
  });

  it('keeps its promises under any order of events', () => {
    const event = fc.constantFrom<CallEvent>(
      ...toTalking,
      typedWelcome,
      { type: 'load' },
      { type: 'consent', mode: 'text' },
      { type: 'microphone-fault', fault: 'denied' },
      { type: 'socket-down' },
      { type: 'media', media: 'up' },
      { type: 'media', media: 'down' },
      { type: 'mute', muted: true },
      { type: 'hang-up' },
      { type: 'over', ended: { reason: 'connection-lost', outcome: 'incomplete', next: [] } },
      { type: 'fail', failure: { kind: 'unreachable' } },
      caption('1', 'a', false),
      caption('1', 'b', true),
      booked,
      say({ type: 'flush' }),
      say({ type: 'media-restart', media }),
      say({ type: 'agent-state', state: 'speaking' }),
      say({ type: 'ended', ...ended }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = initialState;
        for (const next of events) {
          const before = state;
          state = reduce(before, next);
          if (state.phase === 'talking') {
            expect(state.callId).toBe(callId);
            // Nobody talks who was not shown the disclosure.
            expect(state.config).toBe(config);
          }
          if (state.phase === 'connecting') expect(state.config).toBe(config);
          expect(state.phase === 'ended').toBe(state.ended !== null && state.phase !== 'failed');
          if (state.phase === 'failed') expect(state.failure).not.toBeNull();
          if (state.mode === 'text') expect(state.muted).toBe(false);
          expect(new Set(state.captions.map(({ id }) => id)).size).toBe(state.captions.length);
        }
      }),
    );
  });
});
