import { expect, test } from 'vitest';
import type { ExpectedReply, Recognizer } from '../agent/listen/recognizer.ts';
import { expectedReply, guided } from './guided-recognizer.ts';

test('each segment is listened to for what the question of that moment expects', async () => {
  const told: (ExpectedReply | 'fed')[] = [];
  const recognizer: Recognizer = {
    expect: (reply) => void told.push(reply),
    feed: () => void told.push('fed'),
    partial: () => Promise.resolve(''),
    finish: () => Promise.resolve({ text: '', confidence: 0, alternatives: [] }),
    discard: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  let reply: ExpectedReply = { kind: 'open' };
  const listening = guided(recognizer, () => reply);
  listening.feed(new Int16Array());
  reply = { kind: 'digits', count: 3, except: [] };
  listening.feed(new Int16Array());
  await listening.finish();
  listening.feed(new Int16Array());
  await listening.discard();
  reply = { kind: 'open' };
  listening.feed(new Int16Array());
  expect(told).toEqual([
    { kind: 'open' },
    'fed',
    'fed',
    { kind: 'digits', count: 3, except: [] },
    'fed',
    { kind: 'open' },
    'fed',
  ]);
});

test('expectedReply() knows pieces of a number, and what confirms them', () => {
  expect(expectedReply({ expecting: { kind: 'open' } })).toEqual({ kind: 'open' });
  expect(expectedReply({ expecting: { kind: 'dictation', digits: 3, exceptDigits: ['0'] } })).toEqual({
    kind: 'digits',
    count: 3,
    except: ['0'],
  });
  expect(expectedReply({ expecting: { kind: 'yes-no', digits: 3 } })).toEqual({ kind: 'confirm-digits', count: 3 });
});
