import { expect, test } from 'vitest';
import { Conversation } from '../../dialogue/testing/conversation.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import type { VoiceRemainder } from '../agent/speak/voice.ts';
import type { HeardTurn } from './hearing.ts';
import { OverAgentSpeech } from './over-agent.ts';

const bundle = await demoBundle();
/** The size of the roof is asked for. */
const { state } = (() => {
  const call = new Conversation(bundle);
  call.says('i need a new roof');
  return call;
})();

const cut = (...texts: readonly string[]): VoiceRemainder => ({
  sentences: texts.map((text, place) => ({
    sentence: { id: text, text, spoken: text },
    started: place === 0,
    fromMs: 0,
    heard: place === 0 ? 'half' : '',
  })),
});
const inTheMiddle = cut('an answer', 'a question');

function heard(text: string, more: Partial<HeardTurn> & { lengthMs?: number } = {}): HeardTurn {
  const { lengthMs = 400, startMs = 0, ...rest } = more;
  const endMs = startMs + lengthMs;
  const times = { startMs, endMs, endpointAtMs: endMs + 500, finalAtMs: endMs + 300 };
  return { text, confidence: 0.5, alternatives: [], ...times, ...rest };
}

const short = (text: string, confidence = 0.4) => ({ interjection: { text, confidence, alternatives: [] } });

test('a short call that the playbook misheard is read by the ear for short calls', () => {
  const over = new OverAgentSpeech(bundle);
  expect(over.turnIn(state, heard('golf', short('stop')), inTheMiddle)?.text).toBe('stop');
  expect(over.turnIn(state, heard('two thousand feet', short('okay')), inTheMiddle)).toBeUndefined();
  // Hardly believed, it counts for nothing.
  expect(over.turnIn(state, heard('golf', short('how much', 0.1)), inTheMiddle)).toBeUndefined();
});

test('a call to be quiet counts when it is hardly believed', () => {
  for (const call of ['stop', 'wait', 'hang on'])
    expect(new OverAgentSpeech(bundle).turnIn(state, heard('golf', short(call, 0.07)), inTheMiddle)?.text).toBe(call);
  const none = [heard('golf', short('stop', 0.03)), heard('okay', short('stop', 0.07))];
  for (const sound of none) expect(new OverAgentSpeech(bundle).turnIn(state, sound, inTheMiddle)).toBeUndefined();
});

test('who goes on speaking as loud as the caller is heard, understood or not', () => {
  const heardOf = (text: string, lengthMs: number, plainlyOwn: boolean) =>
    new OverAgentSpeech(bundle).turnIn(state, heard(text, { lengthMs, plainlyOwn, confidence: 0.03 }), inTheMiddle);
  expect(heardOf('a few rules else', 900, true)?.text).toBe('a few rules else');
  // Somebody else in the room, and a cough.
  expect(heardOf('a few rules else', 900, false)).toBeUndefined();
  expect(heardOf('golf', 600, true)).toBeUndefined();
});

test('what is plainly meant for the agent keeps its own words', () => {
  const over = new OverAgentSpeech(bundle);
  const asked = heard('how long is the warranty', short('how much'));
  expect(over.turnIn(state, asked, inTheMiddle)?.text).toBe('how long is the warranty');
});

test('an unclear sound is forgiven once; who tries again soon is heard', () => {
  const over = new OverAgentSpeech(bundle);
  expect(over.turnIn(state, heard('golf'), inTheMiddle)).toBeUndefined();
  expect(over.turnIn(state, heard('golf', { startMs: 3_000 }), inTheMiddle)?.text).toBe('golf');
  const later = new OverAgentSpeech(bundle);
  expect(later.turnIn(state, heard('golf'), inTheMiddle)).toBeUndefined();
  expect(later.turnIn(state, heard('golf', { startMs: 9_000 }), inTheMiddle)).toBeUndefined();
});

test('a voice much softer than the caller is forgiven once, whatever it seems to say', () => {
  const over = new OverAgentSpeech(bundle);
  const softly = (startMs: number) => heard('how long is the warranty', { startMs, plainlyOwn: false });
  expect(over.turnIn(state, softly(0), inTheMiddle)).toBeUndefined();
  expect(over.turnIn(state, softly(3_000), inTheMiddle)?.text).toBe('how long is the warranty');
});

test('the surer of two recognisers is believed about a backchannel', () => {
  const inDanger = (confidence: number) => heard('got hurt', { confidence, ...short('got it', 0.19) });
  expect(new OverAgentSpeech(bundle).turnIn(state, inDanger(0.11), inTheMiddle)).toBeUndefined();
  expect(new OverAgentSpeech(bundle).turnIn(state, inDanger(0.5), inTheMiddle)?.text).toBe('got hurt');
});

test('backchannels are never insisting, however long', () => {
  const over = new OverAgentSpeech(bundle);
  for (const startMs of [0, 1_000, 2_000])
    expect(over.turnIn(state, heard('okay', { startMs }), inTheMiddle)).toBeUndefined();
  const long = heard('okay okay', { startMs: 4_000, lengthMs: 1_100, plainlyOwn: true, confidence: 0.08 });
  expect(over.turnIn(state, long, inTheMiddle)).toBeUndefined();
});

test('a long sentence that is not understood is a turn, unless hardly a word of it is believed', () => {
  const long = { lengthMs: 2_000 };
  const text = 'purple elephants are dancing';
  expect(new OverAgentSpeech(bundle).turnIn(state, heard(text, long), inTheMiddle)?.text).toBe(text);
  for (const doubtful of [heard(text, { ...long, confidence: 0.05 }), heard('what', long)])
    expect(new OverAgentSpeech(bundle).turnIn(state, doubtful, inTheMiddle)).toBeUndefined();
});

test('a sentence that is believed is a turn, short as it is', () => {
  const said = heard('purple elephants are dancing', { lengthMs: 1_000 });
  expect(new OverAgentSpeech(bundle).turnIn(state, said, inTheMiddle)?.text).toBe(said.text);
  expect(new OverAgentSpeech(bundle).turnIn(state, { ...said, confidence: 0.3 }, inTheMiddle)).toBeUndefined();
});

test('over the end of the question a short answer is one', () => {
  const answer = heard('two thousand');
  expect(new OverAgentSpeech(bundle).turnIn(state, answer, inTheMiddle)).toBeUndefined();
  expect(new OverAgentSpeech(bundle).turnIn(state, answer, cut('a question'))?.text).toBe('two thousand');
});
