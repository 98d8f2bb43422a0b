import type { FleetNode, Region } from '../../contract/fleet.ts';

/** A node's distance from what a call would like best, in shares of its load. */
const otherRegion = 0.5;
const coldPlaybook = 0.1;

export interface Candidate extends Pick<FleetNode, 'name' | 'state' | 'capacity' | 'activeCalls' | 'region'> {
  /** Placed there, but not reported yet. */
  readonly placed: number;
  /** It has the call's playbook loaded. */
  readonly warm: boolean;
}

/**
 * The best of the nodes that take calls: the least loaded one, though a little more load is borne for the caller's own
 * continent, and for a playbook that is loaded. Null when none takes calls.
 */
export function chooseNode<T extends Candidate>(nodes: readonly T[], region: Region | undefined): T | null {
  const rank = (node: T): number =>
    loadOf(node) +
    (region === undefined || node.region === undefined || node.region === region ? 0 : otherRegion) +
    (node.warm ? 0 : coldPlaybook);
  const up = nodes.filter(({ state }) => state === 'up');
  const free = up.filter((node) => loadOf(node) < 1);
  // When all are full, a page is told so by a node: its calls may have ended since it last reported.
  const [first, ...others] = free.length > 0 ? free : up;
  if (first === undefined) return null;
  return others.reduce((best, node) => (rank(node) < rank(best) ? node : best), first);
}

/** 1 is full. */
export function loadOf({ activeCalls, placed, capacity }: Candidate): number {
  return capacity === 0 ? 1 : (activeCalls + placed) / capacity;
}
