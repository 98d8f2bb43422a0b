import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/**
 * @typedef {object} Account
 * @property {string[]} secrets Each must fit one of the signatures.
 * @property {{ status: number, location?: string, endless?: boolean }[]} answers Then 204.
 * @property {{ id: string, type: string, signatures: number }[]} received Those that were proven.
 * @property {string[]} refused Why others were not.
 */

/**
 * An owner's own system: takes webhooks at `/hooks/NAME` that the reference library proves. `/accounts/NAME` is for the
 * tests: `PUT` says how it behaves, `GET` shows what came.
 */
export async function startHookReceiver() {
  /** @type {Map<string, Account>} */
  const accounts = new Map();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const [, kind = '', name = ''] = (request.url ?? '').split('/');
      const known = accounts.get(name) ?? { secrets: [], answers: [], received: [], refused: [] };
      accounts.set(name, known);
      if (kind === 'accounts') {
        if (request.method === 'PUT') Object.assign(known, JSON.parse(body));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
        return;
      }
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([header, value]) => [header, String(value)]),
      );
      try {
        if (known.secrets.length === 0) throw new Error('There is no secret.');
        for (const secret of known.secrets) new Webhook(secret).verify(body, headers);
      } catch (error) {
        known.refused.push(String(error));
        response.writeHead(401).end();
        return;
      }
      const signatures = (headers['webhook-signature'] ?? '').split(' ').length;
      known.received.push({ id: headers['webhook-id'] ?? '', type: JSON.parse(body).type, signatures });
      const { status, location, endless } = known.answers.shift() ?? { status: 204 };
      response.writeHead(status, location === undefined ? {} : { location });
      // Until the other side has had enough.
      if (endless === true) for (let sent = 0; sent < 64; sent += 1) response.write('x'.repeat(1_000_000));
      else response.end();
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.');
  return {
    address: { url: `http://127.0.0.1:${address.port}` },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
