import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import type { RecordSource } from '../call/records.ts';

export const standInKey = 'staff-key-of-the-test';
const ofBusiness = '/v1/businesses/ridgeline-roofing/';

/** What a command asked for, as `POST appointments` of the business; elsewhere the whole path. */
export interface Asked {
  readonly path: string;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

/**
 * A control plane for the tests of one file: it answers as they say, 404 where they say nothing and 401 to another key, and notes
 * what it was asked. A new one for each test.
 */
export function standIn(reply: (asked: Asked) => Reply | undefined) {
  const asked: Asked[] = [];
  let controlUrl = '';
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = `${request.method} ${request.url?.replace(ofBusiness, '')}`;
      const question = { path, body: body === '' ? null : (JSON.parse(body) as unknown) };
      asked.push(question);
      const isStaff = request.headers.authorization === `Bearer ${standInKey}`;
      const { status = 200, body: answer = {} } = isStaff ? (reply(question) ?? { status: 404 }) : { status: 401 };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  beforeEach(async () => {
    asked.length = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    controlUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterEach(stop);
  return {
    asked,
    stop,
    source: (): RecordSource => ({ controlUrl, staffKey: standInKey, business: 'ridgeline-roofing' }),
  };
}
