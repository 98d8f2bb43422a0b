import type { FleetNode } from '../../contract/fleet.ts';
import type { Trunk } from '../../server/transport/telephone/auth/trunk.ts';

export type EdgeNode = Pick<FleetNode, 'name' | 'sipUri'> & Partial<Pick<FleetNode, 'state'>>;

/**
 * Kamailio's list of the nodes that may get calls (module dispatcher). Those that drain or are dead are left out: calls
 * that they have do not need the list.
 */
export function dispatcherList(nodes: readonly EdgeNode[]): string {
  const lines = nodes
    .filter(({ sipUri, state = 'up' }) => sipUri !== undefined && state === 'up')
    .map(({ name, sipUri }) => `1 ${sipUri} 0 0 duid=${name}`);
  return `# set, node, flags, priority, attributes\n${lines.join('\n')}\n`;
}

/** Kamailio's list of the addresses that may bring calls (module permissions). */
export function trunkList(trunks: readonly Pick<Trunk, 'name' | 'addresses'>[]): string {
  const lines = trunks.flatMap(({ name, addresses }) =>
    addresses.map((address) => {
      const [network = '', bits = network.includes(':') ? '128' : '32'] = address.split('/');
      return `1 ${network} ${bits} 0 ${name}`;
    }),
  );
  return `# group, network, bits, port, trunk\n${lines.join('\n')}\n`;
}
