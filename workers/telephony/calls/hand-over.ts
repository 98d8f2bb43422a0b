import * as v from 'valibot';
import type { PlacedCall } from '../../../contract/outbound.ts';
import { Problem } from '../../../contract/problem.ts';
import { errorText } from '../../log.ts';
import type { MediaNode } from '../../session/placement.ts';

const timeoutMs = 5_000;

export type HandOver =
  | { readonly outcome: 'taken' }
  /** Nothing was dialled. */
  | { readonly outcome: 'refused'; readonly why: string }
  /** The node may have it or not: its events, or its silence, will tell. */
  | { readonly outcome: 'unknown'; readonly why: string };

/** Gives one dial to a media node. The same `callId` again is the same dial. Never throws for what the node does. */
export async function handOver(node: MediaNode, nodeKey: string, call: PlacedCall): Promise<HandOver> {
  const asked = await post(node, nodeKey, '/v1/orders', call);
  // Lost on the way there or back. To ask again is safe, and mostly settles it.
  const answer = asked.outcome === 'unknown' ? await post(node, nodeKey, '/v1/orders', call) : asked;
  return answer;
}

/** Has a node hang up a call that it dialled. */
export async function hangUp(node: MediaNode, nodeKey: string, callId: string): Promise<HandOver> {
  return post(node, nodeKey, `/v1/orders/${callId}/cancel`, {});
}

async function post(node: MediaNode, nodeKey: string, path: string, body: unknown): Promise<HandOver> {
  let response: Response;
  try {
    response = await fetch(new URL(path, node.signalingUrl.replace(/^ws/, 'http')), {
      method: 'POST',
      headers: { authorization: `Bearer ${nodeKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    return { outcome: 'unknown', why: `Media node ${node.name} did not answer: ${errorText(error)}` };
  }
  if (response.ok) {
    await response.body?.cancel();
    return { outcome: 'taken' };
  }
  const problem = v.safeParse(Problem, await response.json().catch(() => null));
  const said = problem.success ? `${problem.output.error.message} ${problem.output.error.action}` : '';
  return { outcome: 'refused', why: `Media node ${node.name} answered ${response.status}. ${said}`.trim() };
}
