import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assertPortsFree, findFreePort } from './ports.mjs';

const host = '127.0.0.1';

test('free ports pass', async () => {
  const port = await findFreePort(host);
  await expect(
    assertPortsFree(host, [{ port, protocol: 'tcp', flag: '--port', purpose: 'control plane' }]),
  ).resolves.toBeUndefined();
});

test('a taken port is named, with the option that picks another', async () => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(
    assertPortsFree(host, [{ port, protocol: 'tcp', flag: '--port', purpose: 'control plane' }]),
  ).rejects.toThrow(
    new RegExp(
      `^Port ${port} \\(control plane\\) is in use by another program\\. Stop it or pick another: npm start -- --port \\d+$`,
    ),
  );
  server.close();
});

test('a UDP port can be taken while its TCP port is free', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  await expect(
    assertPortsFree(host, [{ port, protocol: 'udp', flag: '--rtc-port', purpose: 'audio' }]),
  ).rejects.toThrow(`UDP port ${port}`);
  socket.close();
});

test('two purposes cannot share a port', async () => {
  const port = await findFreePort(host);
  await expect(
    assertPortsFree(host, [
      { port, protocol: 'tcp', flag: '--port', purpose: 'control plane' },
      { port, protocol: 'tcp', flag: '--demo-port', purpose: 'demo site' },
    ]),
  ).rejects.toThrow(`--port and --demo-port are both ${port}`);
});

test('an address of another machine is refused', async () => {
  await expect(
    assertPortsFree('192.0.2.1', [{ port: 18_100, protocol: 'tcp', flag: '--port', purpose: 'control plane' }]),
  ).rejects.toThrow('This machine has no address 192.0.2.1');
});
