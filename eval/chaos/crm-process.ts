/**
 * HubSpot as a program of its own, with one account that is on disk before a change is answered: it can be killed at any
 * moment. `node eval/chaos/crm-process.ts PORT FILE TOKEN`.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { SavedAccount } from '../vendors/account.ts';
import { answerAsVendors, openAccount } from '../vendors/vendors.ts';

const [port = '0', file = '', token = ''] = process.argv.slice(2);
const account = openAccount(token);
if (existsSync(file)) account.restore(v.parse(SavedAccount, JSON.parse(readFileSync(file, 'utf8'))));
// Its description takes a second to load, which no request shall wait for.
await answerAsVendors(new Request('https://vendors.test/vendors/hubspot'));

createServer((from, to) => {
  void answer(from)
    .then(async (response) => {
      const body = Buffer.from(await response.arrayBuffer());
      to.writeHead(response.status, { 'content-type': response.headers.get('content-type') ?? 'text/plain' }).end(body);
    })
    .catch((error: unknown) => to.writeHead(500).end(String(error)));
}).listen(Number(port), '127.0.0.1');

async function answer(from: IncomingMessage): Promise<Response> {
  if (from.url === '/saved') return Response.json(account.save());
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const headers = new Headers();
  for (const name of ['authorization', 'content-type']) headers.set(name, String(from.headers[name] ?? ''));
  const response = await answerAsVendors(
    new Request(new URL(from.url ?? '/', 'https://api.hubapi.com'), {
      method: from.method ?? 'GET',
      headers,
      ...(body.length === 0 ? {} : { body }),
    }),
  );
  if (from.method !== 'GET') {
    writeFileSync(`${file}.new`, JSON.stringify(account.save()));
    renameSync(`${file}.new`, file);
  }
  return response;
}
