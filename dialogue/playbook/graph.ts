import { MultiDirectedGraph } from 'graphology';
import type { Graph } from './bundle.ts';
import type { Source } from './source.ts';

export type NodeKind = Graph['nodes'][number]['kind'];
export type EdgeKind = Graph['edges'][number]['kind'];

/** A node's name in the graph: "fact:warranty", "answer:need/repair". */
export const nodeKey = (kind: NodeKind, ...ids: readonly string[]): string => `${kind}:${ids.join('/')}`;

const edgeKey = (from: string, kind: EdgeKind, to: string): string => `${from} ${kind} ${to}`;

/** The knowledge graph of a playbook, as plain JSON, always in the same order. */
export function knowledgeGraph(source: Source): Graph {
  const nodes: Graph['nodes'] = [];
  const edges: Graph['edges'] = [];
  const known = new Set<string>();
  const node = (kind: NodeKind, ...ids: readonly string[]): string => {
    const key = nodeKey(kind, ...ids);
    if (!known.has(key)) nodes.push({ key, kind });
    known.add(key);
    return key;
  };
  const edge = (from: string, kind: EdgeKind, to: string): void => {
    const key = edgeKey(from, kind, to);
    if (!known.has(key)) edges.push({ from, kind, to });
    known.add(key);
  };
  const fact = (id: string) => nodeKey('fact', id);
  for (const { id } of source.facts) node('fact', id);
  for (const { id, relatesTo, partOf, priceOf, next } of source.facts) {
    for (const other of relatesTo) edge(fact(id), 'relates-to', fact(other));
    if (partOf !== undefined) edge(fact(id), 'part-of', fact(partOf));
    for (const product of priceOf) edge(fact(product), 'priced-by', fact(id));
    if (next !== undefined) edge(fact(id), 'leads-to', node('action', next));
  }
  for (const { id, answers, next } of source.intents) {
    const key = node('intent', id);
    for (const answer of answers) edge(fact(answer), 'answers', key);
    if (next !== undefined) edge(key, 'leads-to', node('action', next));
  }
  for (const { id, attempts } of source.objections) {
    const key = node('objection', id);
    for (const cited of new Set(attempts.flatMap(({ cites }) => cites))) edge(key, 'cites', fact(cited));
  }
  for (const { id, options } of source.questions) {
    const key = node('question', id);
    for (const option of options) {
      const answer = node('answer', id, option.id);
      edge(answer, 'part-of', key);
      for (const about of option.about) edge(answer, 'relates-to', fact(about));
    }
  }
  for (const { id, when } of source.questions) {
    for (const [other, options] of Object.entries(when))
      for (const option of options) edge(nodeKey('question', id), 'asked-after', nodeKey('answer', other, option));
  }
  return { nodes, edges };
}

/** The same as a graph to walk on. */
export function graphFrom({ nodes, edges }: Graph): MultiDirectedGraph {
  const graph = new MultiDirectedGraph();
  for (const { key, kind } of nodes) graph.addNode(key, { kind });
  for (const { from, kind, to } of edges) graph.addDirectedEdgeWithKey(edgeKey(from, kind, to), from, to, { kind });
  return graph;
}
