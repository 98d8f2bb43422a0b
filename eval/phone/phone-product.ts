import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { startProduct, type Product } from '../product/product.ts';

/** The product with its telephone on. The loopback is its trunk. */
export interface PhoneProduct extends Product {
  readonly sipPort: number;
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
  const sipPort = await freeUdpPort();
  const mediaNode = {
    PARLEY_SIP_PORT: String(sipPort),
    PARLEY_SIP_TRUNKS: JSON.stringify([{ name: 'loopback', addresses: ['127.0.0.1'] }]),
    PARLEY_PHONE_NUMBERS: JSON.stringify({ [dialled]: 'ridgeline-roofing' }),
    ...env,
  };
  const product = await startProduct({ ...options, env: { mediaNode } });
  return { ...product, sipPort };
}

export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
