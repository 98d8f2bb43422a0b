import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../scripts/start/ports.mjs';
import { certificateOf } from '../../server/transport/telephone/testing/certificate.ts';
import { openPair } from '../../server/transport/telephone/transport/open-pair.ts';
import { startProduct, type Product } from '../product/product.ts';

/** The product with its telephone on. The loopback is its trunk. */
export interface PhoneProduct extends Product {
  readonly sipPort: number;
  /** SIP over TLS, with a certificate of its own making. */
  readonly sipTlsPort: number;
}

/** What the sample business can be called at. */
export const dialled = '+17205550100';

export interface PhoneProductOptions {
  /** Of the media node. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the sample's. */
  readonly playbookDir?: string;
}

export async function startPhoneProduct({ env = {}, ...options }: PhoneProductOptions = {}): Promise<PhoneProduct> {
  const [sipPort, sipTlsPort] = [await freeSipPort(), await findFreePort('127.0.0.1')];
  const folder = await mkdtemp(join(tmpdir(), 'parley-certificate-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const { cert, key } = certificateOf('localhost');
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  const mediaNode = {
    PARLEY_SIP_PORT: String(sipPort),
    PARLEY_SIP_TLS_PORT: String(sipTlsPort),
    PARLEY_SIP_TLS_CERT: files.cert,
    PARLEY_SIP_TLS_KEY: files.key,
    PARLEY_SIP_TRUNKS: JSON.stringify([{ name: 'loopback', addresses: ['127.0.0.1'], srtp: 'optional' }]),
    PARLEY_PHONE_NUMBERS: JSON.stringify({ [dialled]: 'ridgeline-roofing' }),
    ...env,
  };
  const product = await startProduct({ ...options, env: { mediaNode } });
  const stop = async (): Promise<void> => {
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...product, sipPort, sipTlsPort, stop };
}

/** Free for UDP and for TCP, on the loopback, at this moment. */
export async function freeSipPort(): Promise<number> {
  const { udp, tcp } = await openPair(0, { udp: bindUdp, tcp: listenTcp });
  udp.close();
  tcp.close();
  return udp.port;
}

async function bindUdp(wanted: number): Promise<{ readonly port: number; close: () => void }> {
  const socket = createSocket('udp4').bind(wanted, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => socket.close() };
}

async function listenTcp(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
