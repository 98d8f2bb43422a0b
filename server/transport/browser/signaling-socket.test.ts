import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { maxMessageBytes, SignalingSocket } from './signaling-socket.ts';

/** The part of a WebSocket that SignalingSocket uses. */
class FakeWebSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: { type: string; code?: string }[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code: number): void {
    this.closedWith = code;
    this.readyState = 3;
  }

  receive(text: string, isBinary = false): void {
    this.emit('message', Buffer.from(text), isBinary);
  }
}

function setUp(now = () => 0) {
  const ws = new FakeWebSocket();
  const socket = new SignalingSocket(ws as unknown as WebSocket, now);
  const messages: unknown[] = [];
  socket.listen({ message: (message) => messages.push(message), closed: () => messages.push('closed') });
  return { ws, socket, messages };
}

test('a well-formed message is heard', () => {
  const { ws, messages } = setUp();
  ws.receive('{"type":"say","text":"hello"}');
  expect(messages).toEqual([{ type: 'say', text: 'hello' }]);
});

test('a malformed one is answered, and the call goes on', () => {
  const { ws, messages } = setUp();
  for (const text of ['', 'null', '{', '{"type":"x"}', '{"type":"say"}', '{"type":"say","text":""}']) ws.receive(text);
  expect(ws.sent.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 'bad-request'));
  expect(messages).toEqual([]);
  expect(ws.closedWith).toBeUndefined();
});

test('an oversized, a binary and a hasty sender are told why and cut off', () => {
  const big = setUp();
  big.ws.receive(JSON.stringify({ type: 'say', text: 'x'.repeat(maxMessageBytes) }));
  expect([big.ws.sent[0]?.code, big.ws.closedWith]).toEqual(['too-large', 1009]);
  const binary = setUp();
  binary.ws.receive('{}', true);
  expect([binary.ws.sent[0]?.code, binary.ws.closedWith]).toEqual(['bad-request', 1003]);
  const hasty = setUp();
  for (let n = 0; n < 51; n++) hasty.ws.receive('{"type":"ready"}');
  expect([hasty.messages.length, hasty.ws.sent[0]?.code, hasty.ws.closedWith]).toEqual([50, 'rate-limited', 1008]);
});

test('nothing that comes in makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { ws } = setUp();
      expect(() => ws.receive(text)).not.toThrow();
    }),
  );
});
