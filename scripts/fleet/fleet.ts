import * as v from 'valibot';
import { FleetList, type FleetNode } from '../../contract/fleet.ts';
import { formatDuration, type Layout } from '../call/layout.ts';
import { askControlPlane, type RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

type Source = Pick<RecordSource, 'controlUrl' | 'staffKey'>;

export async function fetchFleet(source: Source): Promise<FleetList> {
  return v.parse(FleetList, await askControlPlane(source, '/v1/fleet'));
}

/** The node gets no more calls, and ends when those that it has are over. */
export async function drainNode(source: Source, name: string): Promise<void> {
  const answer = await askControlPlane(source, `/v1/fleet/nodes/${encodeURIComponent(name)}/drain`, {});
  if (answer === undefined)
    throw new SetUpError(`No media node is called "${name}". npm run fleet lists those that there are.`);
}

/** One node a line. Ends with a line break. */
export function formatFleet({ nodes }: FleetList, { paint }: Layout, nowMs: number): string {
  if (nodes.length === 0) return 'No media node has reported yet.\n';
  const lines = nodes.map((node) => {
    const tone = node.state === 'up' ? 'green' : node.state === 'dead' ? 'red' : 'yellow';
    const calls = `${node.activeCalls} of ${node.capacity} calls`;
    const silent = nowMs - node.heardAtMs;
    const heard = `heard ${formatDuration(Math.max(0, silent))} ago`;
    const where = [node.region, node.signalingUrl, node.sipUri].filter((part) => part !== undefined).join(' ');
    return `${node.name.padEnd(16)}  ${paint(tone, node.state.padEnd(8))}  ${calls.padEnd(16)}  ${heard}  ${node.version}  ${where}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Kamailio's dispatcher list: the nodes that take SIP calls now, as set 1. One that drains answers for its own calls only. */
export function dispatcherList({ nodes }: FleetList): string {
  const taking = nodes.filter((node): node is FleetNode & { sipUri: string } => {
    return node.state === 'up' && node.sipUri !== undefined;
  });
  return taking.map(({ name, sipUri }) => `1 ${sipUri} 0 0 duid=${name}\n`).join('');
}
