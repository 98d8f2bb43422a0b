import { afterEach, expect, test } from 'vitest';
import type { LegEnd } from '../../server/transport/telephone/dialog/inbound-leg.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';
import { certificateOf } from '../../server/transport/telephone/testing/certificate.ts';
import { eventually } from '../product/eventually.ts';
import { Kamailio } from './kamailio.ts';
import { runSipp } from './sipp.ts';

interface Node {
  readonly telephone: Telephone;
  readonly ended: LegEnd[];
  answered: number;
  draining: boolean;
}

const closing: (() => unknown)[] = [];
const faults: unknown[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  if (faults.length > 0) throw new Error('A telephone had a fault.', { cause: faults[0] });
});

/** A node as the edge sees it: its telephone, whose every call is picked up at once. */
async function openNode(): Promise<Node> {
  const telephone = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    announcedAddress: '127.0.0.1',
    trunks: [{ name: 'edge', addresses: ['127.0.0.1'] }],
    limits: { perBusiness: 1, perBusinessADay: 1 },
    now: Date.now,
    vacancy: () => (node.draining ? 'draining' : 'free'),
    onFault: (error) => faults.push(error),
    onCall: (leg) => {
      node.answered += 1;
      const nothing = (): void => undefined;
      leg.listen({
        media: nothing,
        confirmed: nothing,
        keyPressed: nothing,
        ended: (cause) => void node.ended.push(cause),
      });
      leg.answer({ address: '127.0.0.1', port: 40_000, sessionId: String(node.answered) });
    },
  });
  const node: Node = { telephone, ended: [], answered: 0, draining: false };
  closing.push(() => telephone.close());
  return node;
}

async function openEdge(nodes: readonly Node[], tls?: { key: string; cert: string }): Promise<Kamailio> {
  const edge = await Kamailio.start({
    nodePorts: nodes.map(({ telephone }) => telephone.port),
    trunks: ['127.0.0.1/32'],
    tls,
  });
  closing.push(() => edge.stop());
  return edge;
}

test('while one of two nodes drains, calls that are up go on, none is lost, and new ones go to the other', async () => {
  const [first, second] = [await openNode(), await openNode()];
  const edge = await openEdge([first, second]);
  const calls = 80;
  const load = runSipp({
    scenario: 'edge-call.xml',
    port: edge.port,
    service: 'answer',
    args: ['-m', String(calls), '-r', '20', '-d', '2000'],
  });
  await eventually(() => Promise.resolve(first.answered >= 15 || undefined), {
    timeoutMs: 20_000,
    what: 'calls at both nodes',
  });
  first.draining = true;
  const [answeredBefore, upBefore] = [first.answered, first.answered - first.ended.length];
  await load;
  expect(upBefore).toBeGreaterThan(0);
  expect(first.answered).toBe(answeredBefore);
  expect(first.answered + second.answered).toBe(calls);
  expect([...first.ended, ...second.ended]).toEqual(Array(calls).fill('caller-hang-up'));
  expect(second.answered).toBeGreaterThan(first.answered);
  await eventually(async () => ((await edge.nodeFlags(first.telephone.port)).startsWith('I') ? true : undefined), {
    timeoutMs: 10_000,
    what: 'the draining node to be out of turn',
  });
});

test('a trunk calls the edge over TLS, is connected to a node over UDP, and either side can hang up', async () => {
  const node = await openNode();
  const tls = certificateOf('localhost');
  const edge = await openEdge([node], tls);
  const trunk = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    authorities: tls.cert,
    announcedAddress: '127.0.0.1',
    trunks: [
      {
        name: 'edge',
        addresses: ['127.0.0.1'],
        address: { host: 'localhost', port: edge.tlsPort, transport: 'TLS' },
        dial: ['2XX'],
        keepAlive: false,
      },
    ],
    limits: { perBusiness: 5, perBusinessADay: 100 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: (error) => faults.push(error),
    onCall: (leg) => leg.refuse(403),
  });
  closing.push(() => trunk.close());
  const over = Promise.withResolvers<string>();
  const leg = trunk.call({
    trunk: 'edge',
    business: 'ridgeline',
    to: '200',
    media: { address: '127.0.0.1', port: 40_002, sessionId: '1' },
  });
  const nothing = (): void => undefined;
  leg.listen({
    ringing: nothing,
    media: nothing,
    answered: () => leg.hangUp(),
    keyPressed: nothing,
    ended: ({ cause }) => over.resolve(cause),
  });
  expect(await over.promise).toBe('hung-up');
  await eventually(() => Promise.resolve(node.ended[0]), { timeoutMs: 5_000, what: 'the node to hear of it' });
  expect(node.ended).toEqual(['caller-hang-up']);
});

test('strangers, scanners and calls at their last hop reach no node; with no node left, a trunk is told so', async () => {
  const node = await openNode();
  const edge = await openEdge([node]);
  const stranger = runSipp({
    scenario: 'edge-call.xml',
    port: edge.port,
    service: 'answer',
    args: ['-m', '1', '-i', '127.0.0.2'],
  });
  await expect(stranger).rejects.toThrow(/403 Forbidden/);
  for (const scenario of ['edge-scanner.xml', 'edge-hops.xml'])
    await runSipp({ scenario, port: edge.port, service: 'answer', args: ['-m', '1'] });
  expect(node.answered).toBe(0);
  node.draining = true;
  const refused = runSipp({ scenario: 'edge-call.xml', port: edge.port, service: 'answer', args: ['-m', '1'] });
  await expect(refused).rejects.toThrow(/503/);
});
