import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import * as v from 'valibot';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Problem, ProblemCode } from '../../contract/problem.ts';
import { type Session, SessionRequest, type WidgetConfig } from '../../contract/session.ts';
import { ClientMessage, type ServerMessage } from '../../contract/signaling.ts';

export const CALL_ID = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';

const CONFIG: WidgetConfig = {
  business: 'ridgeline-roofing',
  businessName: 'Ridgeline Roofing',
  agentName: 'Ava',
  locale: 'en-US',
  disclosure: {
    version: '2026-11',
    text: 'Ava is an AI assistant, not a person. This call is recorded and transcribed, so that Ridgeline Roofing can follow up on what you agree.',
  },
  privacyUrl: 'https://ridgeline.example/privacy',
};

/** A control plane and a media node in one small server: speaks the contract, and does what the test tells it to. */
export class FakeHost {
  readonly origin: string;
  /** Everything pages have sent over signaling, in order. */
  readonly received: ClientMessage[] = [];
  readonly sessions: SessionRequest[] = [];
  /** Set: the next session request is answered by it. */
  sessionProblem: { readonly status: 403 | 429 | 503; readonly body: Problem } | null = null;
  /** Problems for the next sockets' first messages, in place of a welcome. */
  readonly helloProblems: ProblemCode[] = [];
  /** While true, sockets are closed as they open. */
  refuseSockets = false;
  /** While true, widget settings are not to be had. */
  configMissing = false;
  /** Sent with the welcome of a voice call. */
  media: Extract<ServerMessage, { type: 'welcome' }>['media'];
  readonly #server: ServerType;
  readonly #sockets: WebSocketServer;
  #socket: WebSocket | null = null;

  private constructor(server: ServerType, sockets: WebSocketServer) {
    this.#server = server;
    this.#sockets = sockets;
    const { port } = server.address() as AddressInfo;
    this.origin = `http://127.0.0.1:${port}`;
    sockets.on('connection', (socket) => this.#welcome(socket));
  }

  /** `widgetFolder` is a build of the widget. */
  static async start(widgetFolder: string): Promise<FakeHost> {
    const app = new Hono();
    app.use('*', cors());
    let host: FakeHost | null = null;
    app.get('/v1/businesses/:business/widget', (c) =>
      c.req.param('business') === CONFIG.business && host?.configMissing !== true
        ? c.json(CONFIG)
        : c.json(problem('not-found', 'There is no such business.', 'Check the business attribute.'), 404),
    );
    app.post('/v1/sessions', async (c) => {
      host?.sessions.push(v.parse(SessionRequest, await c.req.json()));
      const refusal = host?.sessionProblem ?? null;
      if (refusal !== null) return c.json(refusal.body, refusal.status);
      return c.json({
        callId: CALL_ID,
        token: `token-${host?.sessions.length}`,
        signalingUrl: `${host?.origin.replace('http', 'ws')}/v1/signaling`,
        expiresAtMs: 4_000_000_000_000,
      } satisfies Session);
    });
    app.get('*', async (c) => {
      const script = await readFile(join(widgetFolder, c.req.path)).catch(() => null);
      if (script === null || !c.req.path.endsWith('.js')) return c.notFound();
      return c.body(new Uint8Array(script), 200, { 'content-type': 'text/javascript' });
    });
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    // The upgrade is the fake's own; Hono answers the rest.
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (host?.refuseSockets === true) socket.destroy();
      else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
    });
    host = new FakeHost(server, sockets);
    return host;
  }

  send(message: ServerMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  sendRaw(text: string): void {
    this.#socket?.send(text);
  }

  /** Cuts the line, without a word. */
  dropSockets(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Between tests: as nothing had happened. */
  reset(): void {
    this.received.length = 0;
    this.sessions.length = 0;
    this.helloProblems.length = 0;
    this.sessionProblem = null;
    this.refuseSockets = false;
    this.configMissing = false;
    this.media = undefined;
  }

  of<Type extends ClientMessage['type']>(type: Type): Extract<ClientMessage, { type: Type }>[] {
    return this.received.filter((message): message is Extract<ClientMessage, { type: Type }> => message.type === type);
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #welcome(socket: WebSocket): void {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = v.parse(v.pipe(v.string(), v.parseJson(), ClientMessage), data.toString());
      this.received.push(message);
      if (message.type === 'hello' || message.type === 'resume') this.#answerFirst(message);
      if (message.type === 'hang-up')
        this.send({
          type: 'ended',
          reason: 'caller-hang-up',
          outcome: 'information-given',
          next: ['We have noted your question.', 'Somebody will call you back by tomorrow noon.'],
        });
    });
  }

  #answerFirst(first: Extract<ClientMessage, { type: 'hello' | 'resume' }>): void {
    const code = this.helloProblems.shift();
    if (code !== undefined) {
      this.send({ type: 'problem', code, message: `Refused: ${code}.`, action: 'Start a new call.' });
      return;
    }
    const voice = first.type === 'hello' && first.mode === 'voice' && this.media !== undefined;
    this.send({
      type: 'welcome',
      callId: CALL_ID,
      resumeKey: 'resume-key',
      agentName: CONFIG.agentName,
      ...(voice && { media: this.media }),
    });
  }
}

export const problem = (code: ProblemCode, message: string, action: string): Problem => ({
  error: { code, message, action },
});
