import type { MultiDirectedGraph } from 'graphology';
import { hasCycle } from 'graphology-dag';
import { graphFrom, knowledgeGraph, nodeKey, type EdgeKind } from './graph.ts';
import type { Report } from './report.ts';
import type { Source } from './source.ts';

/** What only shows in the whole graph. The references in it must be known to be good. */
export function checkGraph(source: Source, report: Report): void {
  const graph = graphFrom(knowledgeGraph(source));
  const circle = (kinds: readonly EdgeKind[], id: string, kind: 'fact' | 'question'): string | undefined => {
    const ring = ringThrough(graph, kinds, nodeKey(kind, id));
    return ring
      ?.filter((key) => key.startsWith(`${kind}:`))
      .map((key) => key.slice(kind.length + 1))
      .join(' → ');
  };
  if (hasCycle(onlyEdges(graph, ['part-of']))) {
    source.facts.forEach(({ id }, index) => {
      const ring = circle(['part-of'], id, 'fact');
      if (ring !== undefined)
        report.error(['facts', index, 'partOf'], `Parts go round in a circle: ${ring}.`, 'leave one `partOf` out');
    });
  }
  if (hasCycle(onlyEdges(graph, ['part-of', 'asked-after']))) {
    source.questions.forEach(({ id }, index) => {
      const ring = circle(['asked-after', 'part-of'], id, 'question');
      if (ring !== undefined)
        report.error(['questions', index, 'when'], `Questions wait for each other: ${ring}.`, 'leave one `when` out');
    });
  }
  unheardFacts(source, graph, report);
}

/** Facts that nothing a caller says leads to. */
function unheardFacts(source: Source, graph: MultiDirectedGraph, report: Report): void {
  const queue = [
    ...source.facts.filter(({ examples }) => examples.length > 0).map(({ id }) => nodeKey('fact', id)),
    ...source.objections.map(({ id }) => nodeKey('objection', id)),
    ...source.intents.map(({ id }) => nodeKey('intent', id)),
  ];
  const reached = new Set(queue);
  const offered = new Set(source.facts.filter(({ offer }) => offer !== undefined).map(({ id }) => nodeKey('fact', id)));
  for (const key of queue) {
    const near = [
      ...graph.mapOutEdges(key, (_, { kind }, __, to) => (kind === 'cites' || offered.has(to) ? to : '')),
      ...graph.mapInEdges(key, (_, { kind }, from) =>
        kind === 'answers' || (kind === 'part-of' && offered.has(from)) ? from : '',
      ),
    ];
    for (const other of near) {
      if (other === '' || reached.has(other)) continue;
      reached.add(other);
      queue.push(other);
    }
  }
  source.facts.forEach(({ id }, index) => {
    if (!reached.has(nodeKey('fact', id)))
      report.warn(
        ['facts', index, 'id'],
        `Nobody can ask for "${id}", and nothing leads to it.`,
        'give it `examples:`, or cite it',
      );
  });
}

function onlyEdges(graph: MultiDirectedGraph, kinds: readonly EdgeKind[]): MultiDirectedGraph {
  const copy = graph.copy();
  graph.forEachEdge((edge, { kind }) => {
    if (!kinds.includes(kind)) copy.dropEdge(edge);
  });
  return copy;
}

/** The way from a node back to itself, if there is one. */
function ringThrough(graph: MultiDirectedGraph, kinds: readonly EdgeKind[], start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const key of queue) {
    const next = graph.mapOutEdges(key, (_, { kind }, __, to) => (kinds.includes(kind) ? to : '')).filter(Boolean);
    for (const to of next) {
      if (to === start) {
        const ring = [start];
        for (let back: string | undefined = key; back !== undefined && back !== start; back = cameFrom.get(back))
          ring.unshift(back);
        return [start, ...ring];
      }
      if (!cameFrom.has(to)) {
        cameFrom.set(to, key);
        queue.push(to);
      }
    }
  }
  return undefined;
}
