import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { SetUpError } from '../setup/set-up-error.mjs';

/**
 * @typedef {object} PortUse
 * @property {number} port
 * @property {'tcp' | 'udp'} protocol
 * @property {string} flag The flag that picks another one, as `--port`.
 * @property {string} purpose
 */

/** A port that another program holds. The message tells the user what to do. */
export class PortInUseError extends SetUpError {
  /** @param {PortUse} use @param {string} command @param {number} freePort */
  constructor(use, command, freePort) {
    const kind = use.protocol === 'udp' ? 'UDP port' : 'Port';
    super(
      `${kind} ${use.port} (${use.purpose}) is in use by another program. ` +
        `Stop it or pick another: ${command} -- ${use.flag} ${freePort}`,
    );
    this.name = 'PortInUseError';
    this.port = use.port;
  }
}

/**
 * Finds the first port that cannot be bound, by binding each for a moment.
 *
 * @param {string} host
 * @param {readonly PortUse[]} uses
 * @returns {Promise<{ use: PortUse, code: string } | undefined>}
 */
export async function findUnusablePort(host, uses) {
  const codes = await Promise.all(uses.map((use) => tryPort(host, use.port, use.protocol)));
  const index = codes.findIndex((code) => code !== undefined);
  const use = uses[index];
  return use && { use, code: codes[index] ?? '' };
}

/**
 * Throws what the user should read when one of the ports cannot be used.
 *
 * @param {string} host
 * @param {readonly PortUse[]} uses
 * @param {string} [command]
 */
export async function assertPortsFree(host, uses, command = 'npm start') {
  const byNumber = new Map();
  for (const use of uses) {
    const other = byNumber.get(`${use.port}/${use.protocol}`);
    if (other) throw new SetUpError(`${other.flag} and ${use.flag} are both ${use.port}. Give each its own port.`);
    byNumber.set(`${use.port}/${use.protocol}`, use);
  }
  const found = await findUnusablePort(host, uses);
  if (!found) return;
  const { use, code } = found;
  if (code === 'EADDRINUSE') {
    throw new PortInUseError(use, command, await suggestPort(host, use, uses));
  }
  if (code === 'EACCES') {
    throw new SetUpError(
      `Port ${use.port} (${use.purpose}) needs more rights than you have. Pick one above 1023: ${command} -- ${use.flag} ${use.port + 8000}`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    throw new SetUpError(
      `This machine has no address ${host}. Use --host 127.0.0.1, or --host 0.0.0.0 for all of its addresses.`,
    );
  }
  throw new SetUpError(`Port ${use.port} (${use.purpose}) on ${host} cannot be used: ${code}.`);
}

/**
 * A port that is free for TCP and UDP at this moment.
 *
 * @param {string} host
 * @returns {Promise<number>}
 */
export async function findFreePort(host) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(0, host, () => {
        const address = server.address();
        const found = typeof address === 'object' && address ? address.port : 0;
        server.close(() => resolve(found));
      });
    });
    if ((await tryPort(host, port, 'udp')) === undefined) return port;
  }
  throw new SetUpError(`No port on ${host} is free for both TCP and UDP.`);
}

/**
 * @param {string} host
 * @param {number} port
 * @param {'tcp' | 'udp'} protocol
 * @returns {Promise<string | undefined>} The error's code, or nothing when the port can be bound.
 */
function tryPort(host, port, protocol) {
  return new Promise((resolve) => {
    /** @param {NodeJS.ErrnoException} error */
    const fail = (error) => resolve(error.code ?? error.message);
    if (protocol === 'udp') {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', fail);
      socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(undefined)));
      return;
    }
    const server = createServer();
    server.once('error', fail);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * A port near the taken one that is free, and that none of the other purposes wants.
 *
 * @param {string} host
 * @param {PortUse} taken
 * @param {readonly PortUse[]} uses
 */
async function suggestPort(host, taken, uses) {
  const start = taken.port + 3 > 65_000 ? 18_000 : taken.port + 3;
  for (let port = start; port < start + 100; port += 1) {
    if (uses.some((use) => use.port === port)) continue;
    const codes = await Promise.all([tryPort(host, port, 'tcp'), tryPort(host, port, 'udp')]);
    if (codes.every((code) => code === undefined)) return port;
  }
  return findFreePort(host);
}
