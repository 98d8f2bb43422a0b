import fc from 'fast-check';
import { expect, test } from 'vitest';
import { telnyx } from './telnyx.ts';
import { twilio } from './twilio.ts';

const read = (protocol: typeof twilio, message: unknown) => protocol.read(JSON.stringify(message));
const audio = Uint8Array.from([1, 2, 3, 255]);
const payload = Buffer.from(audio).toString('base64');

test('Twilio: the documented messages are understood', () => {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
  const start = { accountSid: 'AC1', streamSid: 'MZ1', callSid: 'CA1', tracks: ['inbound'], mediaFormat };
  expect(read(twilio, { event: 'connected', protocol: 'Call', version: '1.0.0' })).toEqual({ kind: 'other' });
  const withToken = { ...start, customParameters: { 'token-1': 'ab', 'token-2': 'c', other: 'x' } };
  expect(read(twilio, { event: 'start', sequenceNumber: '1', start: withToken, streamSid: 'MZ1' })).toEqual({
    kind: 'start',
    streamId: 'MZ1',
    carrierCallId: 'CA1',
    law: 'PCMU',
    token: 'abc',
  });
  expect(read(twilio, { event: 'start', start, streamSid: 'MZ1' })).toMatchObject({ token: '' });
  const media = { track: 'inbound', chunk: '2', timestamp: '5', payload };
  expect(read(twilio, { event: 'media', sequenceNumber: '3', media, streamSid: 'MZ1' })).toEqual({
    kind: 'audio',
    chunk: 2,
    timestampMs: 5,
    payload: Buffer.from(audio),
  });
  expect(read(twilio, { event: 'media', media: { ...media, track: 'outbound' }, streamSid: 'MZ1' })).toEqual({
    kind: 'other',
  });
  expect(read(twilio, { event: 'dtmf', streamSid: 'MZ1', dtmf: { track: 'inbound_track', digit: '#' } })).toEqual({
    kind: 'key',
    key: '#',
  });
  expect(read(twilio, { event: 'mark', streamSid: 'MZ1', mark: { name: 'one' } })).toEqual({
    kind: 'mark',
    name: 'one',
  });
  expect(read(twilio, { event: 'stop', streamSid: 'MZ1', stop: { accountSid: 'AC1', callSid: 'CA1' } })).toEqual({
    kind: 'stop',
  });
});

test('Telnyx: the documented messages are understood, the codec is what the start says', () => {
  const start = (media_format: unknown) => ({
    event: 'start',
    sequence_number: '1',
    start: { user_id: 'u', call_control_id: 'v3:1', custom_parameters: { 'token-1': 'abc' }, media_format },
    stream_id: 'S1',
  });
  expect(read(telnyx, start({ encoding: 'PCMA', sample_rate: 8_000, channels: 1 }))).toEqual({
    kind: 'start',
    streamId: 'S1',
    carrierCallId: 'v3:1',
    law: 'PCMA',
    token: 'abc',
  });
  expect(read(telnyx, start({ encoding: 'OPUS', sample_rate: 16_000 }))).toMatchObject({ law: undefined });
  const media = { track: 'inbound', chunk: '2', timestamp: '5', payload };
  expect(read(telnyx, { event: 'media', sequence_number: '4', media, stream_id: 'S1' })).toMatchObject({
    kind: 'audio',
  });
  const dtmf = { event: 'dtmf', stream_id: 'S1', occurred_at: '2022-01-01T00:00:00Z', dtmf: { digit: '1' } };
  expect(read(telnyx, dtmf)).toEqual({ kind: 'key', key: '1' });
  expect(read(telnyx, { event: 'mark', stream_id: 'S1', mark: { name: 'one' } })).toEqual({
    kind: 'mark',
    name: 'one',
  });
  const error = { code: 100_003, title: 'malformed_frame', detail: 'Not a frame' };
  expect(read(telnyx, { event: 'error', payload: error, stream_id: 'S1' })).toEqual({
    kind: 'fault',
    cause: 'Telnyx error 100003 malformed_frame',
  });
  expect(read(telnyx, { event: 'stop', stream_id: 'S1', stop: { call_control_id: 'v3:1' } })).toEqual({ kind: 'stop' });
});

test.each([
  ['a payload that is no base64', { track: 'inbound', chunk: '1', timestamp: '0', payload: '%%%' }],
  ['a payload of more than a second', { track: 'inbound', chunk: '1', timestamp: '0', payload: 'A'.repeat(16_000) }],
  ['a chunk that is no number', { track: 'inbound', chunk: '-1', timestamp: '0', payload }],
])('%s is no message', (_, media) => {
  expect(read(twilio, { event: 'media', media, streamSid: 'MZ1' })).toBeUndefined();
  expect(read(telnyx, { event: 'media', media, stream_id: 'S1' })).toBeUndefined();
});

test('nothing makes them throw', () => {
  const events = ['connected', 'start', 'media', 'dtmf', 'mark', 'stop', 'error', 'x'];
  const message = fc.record({ event: fc.constantFrom(...events), media: fc.anything(), start: fc.anything() });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        message.map((each) => JSON.stringify(each)),
      ),
      (text) => {
        for (const protocol of [twilio, telnyx]) protocol.read(text);
      },
    ),
  );
});
