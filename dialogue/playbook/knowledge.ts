import type { MultiDirectedGraph } from 'graphology';
import type { Bundle, Fact } from './bundle.ts';
import { graphFrom, nodeKey, type EdgeKind } from './graph.ts';
import type { actions } from './knowledge-source.ts';

/** Questions to a bundle's knowledge graph. It is built once for each bundle and holds nothing of a call. */

export type Action = (typeof actions)[number];

const graphs = new WeakMap<Bundle, MultiDirectedGraph>();

function graphOf(bundle: Bundle): MultiDirectedGraph {
  let graph = graphs.get(bundle);
  if (graph === undefined) graphs.set(bundle, (graph = graphFrom(bundle.graph)));
  return graph;
}

const along = (graph: MultiDirectedGraph, key: string, kind: EdgeKind): string[] =>
  graph.hasNode(key)
    ? graph.mapOutEdges(key, (_, { kind: each }, __, to) => (each === kind ? to : '')).filter(Boolean)
    : [];

const against = (graph: MultiDirectedGraph, key: string, kind: EdgeKind): string[] =>
  graph.hasNode(key)
    ? graph.mapInEdges(key, (_, { kind: each }, from) => (each === kind ? from : '')).filter(Boolean)
    : [];

const idOf = (key: string): string => key.slice(key.indexOf(':') + 1);

/**
 * The next best action after a fact or an intent was answered: its own, or that of what it is part of or the price
 * of, or that of the facts that answer it.
 */
export function nextAction(bundle: Bundle, kind: 'fact' | 'intent', id: string): Action | null {
  const graph = graphOf(bundle);
  const queue = [nodeKey(kind, id)];
  for (const key of queue) {
    const [action] = along(graph, key, 'leads-to').map(idOf);
    if (action === 'appointment' || action === 'call-back') return action;
    const wider = [
      ...along(graph, key, 'part-of'),
      ...against(graph, key, 'priced-by'),
      ...against(graph, key, 'answers'),
    ];
    queue.push(...wider.filter((each) => !queue.includes(each)));
  }
  return null;
}

/** A fact worth offering after another one: its price, what is part of it, or what it relates to. */
export function relatedFact(bundle: Bundle, id: string, told: readonly string[]): Fact | undefined {
  const graph = graphOf(bundle);
  const key = nodeKey('fact', id);
  const near = [
    ...along(graph, key, 'priced-by'),
    ...against(graph, key, 'part-of'),
    ...along(graph, key, 'relates-to'),
  ].map(idOf);
  return near
    .map((other) => bundle.facts.find((fact) => fact.id === other))
    .find((fact) => fact !== undefined && fact.offer.length > 0 && !told.includes(fact.id));
}

/** Prices of what a node is about, nearest first: its own, those it is priced by, those of the facts it relates to. */
export function pricesNear(bundle: Bundle, key: string): string[] {
  const graph = graphOf(bundle);
  const isPrice = (id: string): boolean => bundle.facts.some((fact) => fact.id === id && fact.kind === 'price');
  const related = along(graph, key, 'relates-to');
  const near = [
    key,
    ...along(graph, key, 'priced-by'),
    ...related,
    ...related.flatMap((each) => along(graph, each, 'priced-by')),
  ];
  return [...new Set(near.filter((each) => each.startsWith('fact:')).map(idOf))].filter(isPrice);
}
