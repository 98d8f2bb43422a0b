import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { WebSocketServer } from 'ws';
import { type Answer, errorAnswer } from './answers.ts';
import { FakeRealtimeSession, type RealtimeScript } from './fake-realtime.ts';
import { VendorSpec } from './vendor-spec.ts';

const key = 'fake-key-of-the-tests';

export interface FakeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a form's fields: a file is a Blob. */
  readonly body: unknown;
}

export type FakeHandler = (request: FakeRequest) => Answer;

/**
 * OpenAI's API on loopback: every request is held against the vendor's own description, then answered from a script.
 * What violates the description gets a 400 and fails the test in {@link FakeOpenAi.close}.
 */
export class FakeOpenAi {
  readonly requests: FakeRequest[] = [];
  readonly violations: string[] = [];
  readonly realtimeSessions: FakeRealtimeSession[] = [];
  readonly apiKey = key;
  readonly #spec: VendorSpec;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #scripts = new Map<string, (Answer | FakeHandler)[]>();
  #realtime: RealtimeScript = {};
  readonly #unanswered: Duplex[] = [];

  private constructor(spec: VendorSpec) {
    this.#spec = spec;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.violations.push(`The fake itself: ${String(error)}`);
        response.destroy();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(): Promise<FakeOpenAi> {
    const fake = new FakeOpenAi(await VendorSpec.load());
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get baseUrl(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The fake vendor does not listen');
    return `http://127.0.0.1:${address.port}/v1`;
  }

  /** Answers for a path (`/audio/speech`), one a request; the last one stays. */
  script(path: string, ...answers: readonly (Answer | FakeHandler)[]): void {
    this.#scripts.set(path, [...answers]);
  }

  /** What transcription sessions that begin from now on do. */
  scriptRealtime(script: RealtimeScript): void {
    this.#realtime = script;
  }

  /** Ends everything at once. Rejects, naming the place in the schema, when a request violated the API description. */
  async close(): Promise<void> {
    for (const session of this.realtimeSessions) session.drop();
    for (const socket of this.#unanswered) socket.destroy();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.violations.length > 0) {
      throw new Error(`Requests that the vendor's API does not allow:\n${this.violations.join('\n')}`);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://fake');
    const path = url.pathname.replace(/^\/v1/, '');
    const headers = headersOf(request);
    const contentType = (headers['content-type'] ?? '').split(';')[0] ?? '';
    const body = await this.#read(request, contentType);
    const faults = this.#faultsOf(request, url, path, contentType, body);
    this.violations.push(...faults);
    this.requests.push({ path, headers, body });
    const script = this.#scripts.get(path) ?? [];
    const next = script.length > 1 ? script.shift() : script[0];
    const answer = faults.length > 0 ? errorAnswer(400) : (next ?? errorAnswer(404));
    await send(response, typeof answer === 'function' ? answer({ path, headers, body }) : answer);
  }

  #faultsOf(request: IncomingMessage, url: URL, path: string, contentType: string, body: unknown): string[] {
    const method = request.method ?? '';
    const faults = url.pathname.startsWith('/v1/') ? [] : [`${url.pathname} is not below the base URL`];
    if (request.headers.authorization !== `Bearer ${key}`) faults.push(`${method} ${path} has no valid bearer key`);
    const checked = contentType === 'multipart/form-data' ? withoutFiles(body) : body;
    return [...faults, ...this.#spec.request(method, path, url.searchParams, contentType, checked)];
  }

  async #read(request: IncomingMessage, contentType: string): Promise<unknown> {
    if (contentType === 'multipart/form-data') {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const form = await new Response(Readable.toWeb(request) as ReadableStream, { headers }).formData();
      return fieldsOf(form, this.#spec);
    }
    const sent = await text(request);
    try {
      return sent === '' ? undefined : (JSON.parse(sent) as unknown);
    } catch {
      this.violations.push(`${request.url ?? ''} has a body that is not JSON`);
      return undefined;
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const script = this.#realtime;
    const url = new URL(request.url ?? '', 'http://fake');
    const faults: string[] = [];
    if (url.pathname !== '/v1/realtime') faults.push(`${url.pathname} is no WebSocket of the vendor`);
    if (url.search !== '?intent=transcription') faults.push(`/realtime is opened with '${url.search}'`);
    if (request.headers.authorization !== `Bearer ${key}`) faults.push('/realtime has no valid bearer key');
    this.violations.push(...faults);
    if (script.silentHandshake) {
      this.#unanswered.push(socket);
      return;
    }
    const status = faults.length > 0 ? 400 : script.refuseStatus;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const fault = (text: string): void => void this.violations.push(text);
      this.realtimeSessions.push(new FakeRealtimeSession(webSocket, this.#spec, script, fault));
    });
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

/** Form fields are text; those that the description gives another type are read as that. */
function fieldsOf(form: FormData, spec: VendorSpec): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const sent of new Set(form.keys())) {
    const name = sent.replace(/\[\]$/, '');
    const type = spec.fieldType('CreateTranscriptionRequest', name);
    const values = form.getAll(sent);
    const typed = type === 'boolean' || type === 'number' ? values.map((value) => parsed(value)) : values;
    fields[name] = type === 'array' ? typed : typed[0];
  }
  return fields;
}

function parsed(value: Blob | string): unknown {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value;
  }
}

/** A file is a binary string to the description. */
function withoutFiles(body: unknown): unknown {
  const fields = v.parse(v.record(v.string(), v.unknown()), body);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value instanceof Blob ? '' : value]));
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.before) await answer.before;
  response.writeHead(answer.status, { ...answer.headers });
  response.flushHeaders();
  try {
    for await (const chunk of answer.body()) response.write(chunk);
    response.end();
  } catch {
    response.destroy();
  }
}
