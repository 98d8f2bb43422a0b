import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { testCertificate } from './certificate.mjs';

/** @typedef {{ from: string, to: string[], user: string | undefined, secure: boolean, raw: string }} ReceivedMail */

const account = { user: 'parley@example.com', password: 'correct horse' };

/**
 * A real mail server with three ports: in the clear, STARTTLS, TLS. What it received is told over HTTP. Some recipients
 * have a fate: `refused@` does not exist, `later@` is told to come back the first time.
 */
export async function startMailServer() {
  /** @type {ReceivedMail[]} */
  const received = [];
  const deferred = new Set();
  const tls = testCertificate();
  /** @param {import('smtp-server').SMTPServerOptions} options */
  const listen = async (options) => {
    const server = new SMTPServer({
      ...options,
      logger: false,
      onAuth({ username, password }, _session, done) {
        if (username === account.user && password === account.password) done(null, { user: username });
        else done(new Error('Wrong name or password'));
      },
      onRcptTo({ address }, _session, done) {
        if (address.startsWith('refused@')) done(fault(550, 'No such person here'));
        else if (address.startsWith('later@') && !deferred.has(address)) {
          deferred.add(address);
          done(fault(451, 'Come back later'));
        } else done();
      },
      onData(stream, session, done) {
        /** @type {Buffer[]} */
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            user: session.user,
            secure: session.secure,
            raw: Buffer.concat(chunks).toString('utf8'),
          });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    const address = server.server.address();
    return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, server };
  };
  const plain = await listen({ authOptional: true, allowInsecureAuth: true, disabledCommands: ['STARTTLS'] });
  const starttls = await listen({ ...tls, authMethods: ['LOGIN'] });
  const secure = await listen({ ...tls, secure: true });
  const inspection = createServer((request, response) => {
    const to = new URL(request.url ?? '/', 'http://localhost').searchParams.get('to') ?? '';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(received.filter((mail) => mail.to.includes(to))));
  });
  await new Promise((resolve) => {
    inspection.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const inspected = inspection.address();
  return {
    addresses: {
      plainPort: plain.port,
      starttlsPort: starttls.port,
      tlsPort: secure.port,
      inspectionPort: typeof inspected === 'object' ? (inspected?.port ?? 0) : 0,
      ...account,
    },
    stop() {
      for (const { server } of [plain, starttls, secure]) server.close();
      inspection.close();
    },
  };
}

/**
 * @param {number} responseCode
 * @param {string} message
 */
const fault = (responseCode, message) => Object.assign(new Error(message), { responseCode });
