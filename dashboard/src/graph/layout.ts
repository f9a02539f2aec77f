/**
 * Where the nodes of a graph go: a pure function, run in a worker.
 *
 * An opened fold is laid out by itself and takes part in the whole as one box, its frame. Members that do not depend on
 * one another stand in a grid, because a column of 200 would be unreadable.
 */

import { Graph, layout as placeRanks } from "@dagrejs/dagre";

export type Direction = "LR" | "TB";

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** The frame that it stands in. */
  readonly group: string | undefined;
}

export interface LayoutRequest {
  readonly nodes: readonly LayoutNode[];
  /** From, to. */
  readonly edges: readonly (readonly [string, string])[];
  readonly direction: Direction;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Of nodes and frames, by id; left upper corner, from 0. */
  readonly boxes: Readonly<Record<string, Box>>;
  readonly width: number;
  readonly height: number;
}

interface Sized {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export const FRAME_PADDING = 16;
export const FRAME_HEAD = 36;
const GAP = 16;
const RANK_GAP = 56;
/** A grid is about so much wider than high. */
const GRID_RATIO = 1.6;

export function computeLayout(request: LayoutRequest): Layout {
  const groups = new Map<string, LayoutNode[]>();
  for (const node of request.nodes) {
    if (node.group !== undefined) groups.set(node.group, [...(groups.get(node.group) ?? []), node]);
  }
  const insides = new Map([...groups].map(([id, members]) => [id, placeMembers(members, request)] as const));
  const owner = new Map(request.nodes.map((node) => [node.id, node.group ?? node.id]));
  const outside: Sized[] = request.nodes.filter((node) => node.group === undefined);
  for (const [id, inside] of insides) {
    outside.push({
      id,
      width: inside.width + 2 * FRAME_PADDING,
      height: inside.height + FRAME_HEAD + FRAME_PADDING,
    });
  }
  const whole = rank(outside, project(request.edges, owner), request.direction);
  const boxes: Record<string, Box> = { ...whole.boxes };
  for (const [id, inside] of insides) {
    const frame = whole.boxes[id];
    if (!frame) continue;
    for (const [member, box] of Object.entries(inside.boxes)) {
      boxes[member] = { ...box, x: frame.x + FRAME_PADDING + box.x, y: frame.y + FRAME_HEAD + box.y };
    }
  }
  return { boxes, width: whole.width, height: whole.height };
}

/** Edges between what the ends belong to, each once, without loops. */
function project(edges: LayoutRequest["edges"], owner: ReadonlyMap<string, string>): (readonly [string, string])[] {
  const known = new Map<string, readonly [string, string]>();
  for (const [from, to] of edges) {
    const [first, second] = [owner.get(from), owner.get(to)];
    if (first !== undefined && second !== undefined && first !== second) {
      known.set(JSON.stringify([first, second]), [first, second]);
    }
  }
  return [...known.values()];
}

function placeMembers(members: readonly LayoutNode[], request: LayoutRequest): Layout {
  const ids = new Set(members.map((member) => member.id));
  const inner = request.edges.filter(([from, to]) => ids.has(from) && ids.has(to));
  return inner.length === 0 ? placeGrid(members) : rank(members, inner, request.direction);
}

function placeGrid(members: readonly Sized[]): Layout {
  const width = Math.max(0, ...members.map((member) => member.width));
  const height = Math.max(0, ...members.map((member) => member.height));
  const columns = Math.max(1, Math.ceil(Math.sqrt((members.length * GRID_RATIO * (height + GAP)) / (width + GAP))));
  const boxes: Record<string, Box> = {};
  members.forEach((member, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    boxes[member.id] = {
      x: column * (width + GAP),
      y: row * (height + GAP),
      width: member.width,
      height: member.height,
    };
  });
  const rows = Math.ceil(members.length / columns);
  return {
    boxes,
    width: Math.min(columns, members.length) * (width + GAP) - GAP,
    height: rows * (height + GAP) - GAP,
  };
}

function rank(nodes: readonly Sized[], edges: readonly (readonly [string, string])[], direction: Direction): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: direction, nodesep: GAP, ranksep: RANK_GAP, rankalign: "top" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: node.width, height: node.height });
  for (const [from, to] of edges) graph.setEdge(from, to);
  placeRanks(graph);
  const boxes: Record<string, Box> = {};
  let [right, bottom] = [0, 0];
  for (const { id, width, height } of nodes) {
    // Dagre tells middles.
    const { x, y } = graph.node(id) as { x: number; y: number };
    boxes[id] = { x: x - width / 2, y: y - height / 2, width, height };
    right = Math.max(right, x + width / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  return { boxes, width: right, height: bottom };
}
