/** From the store's graph to what is drawn: sizes, frames of opened folds, edges between what can be seen. */

import type { Graph, GraphNode } from "../api/types";
import type { Direction, LayoutRequest } from "./layout";

export const JOB_SIZE = { width: 208, height: 64 };
export const FOLD_SIZE = { width: 232, height: 84 };

export interface Frame {
  readonly id: string;
  readonly label: string;
  readonly members: readonly GraphNode[];
}

export interface Model {
  readonly nodes: readonly GraphNode[];
  readonly frames: readonly Frame[];
  /** From, to: nodes, or frames in whose members nothing depends on one another. */
  readonly edges: readonly (readonly [string, string])[];
}

/** `known` are labels of folds as they were before they were opened. */
export function makeModel(graph: Graph, known: ReadonlyMap<string, string>): Model {
  const grouped = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    if (node.group !== undefined) grouped.set(node.group, [...(grouped.get(node.group) ?? []), node]);
  }
  // An opened fold may still be told; its frame stands for it.
  const nodes = graph.nodes.filter((node) => !grouped.has(node.id));
  const frames = [...grouped].map(([id, members]) => ({ id, members, label: known.get(id) ?? nameMembers(members) }));
  return { nodes, frames, edges: findEdges(graph, grouped) };
}

/** Labels of the folds in it, to be remembered for when they are opened. */
export function foldLabels(graph: Graph): [string, string][] {
  return graph.nodes.filter((node) => node.kind !== "Job").map((node) => [node.id, node.label]);
}

export function requestLayout(model: Model, direction: Direction): LayoutRequest {
  return {
    direction,
    nodes: model.nodes.map((node) => ({
      id: node.id,
      group: node.group,
      ...(node.kind === "Job" ? JOB_SIZE : FOLD_SIZE),
    })),
    edges: model.edges.flatMap(([from, to]) => {
      // The layout knows frames by their members.
      const ends = [representative(model, from), representative(model, to)] as const;
      return ends[0] !== undefined && ends[1] !== undefined ? [[ends[0], ends[1]] as const] : [];
    }),
  };
}

function representative(model: Model, id: string): string | undefined {
  const frame = model.frames.find((each) => each.id === id);
  return frame ? frame.members[0]?.id : id;
}

function findEdges(graph: Graph, grouped: ReadonlyMap<string, readonly GraphNode[]>): (readonly [string, string])[] {
  const groupOf = new Map(graph.nodes.map((node) => [node.id, node.group]));
  const tight = new Set<string>();
  for (const [id, members] of grouped) {
    if (members.some((member) => member.parents.some((parent) => groupOf.get(parent) === id))) tight.add(id);
  }
  const endOf = (id: string, other: string): string => {
    const group = groupOf.get(id);
    return group !== undefined && !tight.has(group) && groupOf.get(other) !== group ? group : id;
  };
  const edges = new Map<string, readonly [string, string]>();
  for (const node of graph.nodes) {
    if (grouped.has(node.id)) continue;
    for (const parent of node.parents) {
      if (!groupOf.has(parent)) continue;
      const edge = [endOf(parent, node.id), endOf(node.id, parent)] as const;
      if (edge[0] !== edge[1]) edges.set(JSON.stringify(edge), edge);
    }
  }
  return [...edges.values()];
}

function nameMembers(members: readonly GraphNode[]): string {
  const [first, last] = [members[0]?.label ?? "", members.at(-1)?.label ?? ""];
  return members.length > 1 ? `${first} … ${last} (${members.length})` : first;
}
