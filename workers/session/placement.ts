import * as v from 'valibot';

/** A media node that takes calls. */
export const MediaNode = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  signalingUrl: v.pipe(v.string(), v.url(), v.regex(/^wss?:/, 'must be a ws: or wss: URL')),
});
export type MediaNode = v.InferOutput<typeof MediaNode>;

/** The node whose last call is longest ago; among nodes without any call, the first one listed. Null without any. */
export function nextInTurn(nodes: readonly MediaNode[], lastUsedMs: ReadonlyMap<string, number>): MediaNode | null {
  const [first, ...others] = nodes;
  if (first === undefined) return null;
  const usedMs = (node: MediaNode): number => lastUsedMs.get(node.name) ?? 0;
  return others.reduce((best, node) => (usedMs(node) < usedMs(best) ? node : best), first);
}
