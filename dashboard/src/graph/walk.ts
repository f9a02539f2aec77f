/** Walking a graph with the arrow keys: along edges where there is one, else to the nearest node in that direction. */

import type { Box, Direction } from "./layout";

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

export interface Walkable {
  readonly boxes: Readonly<Record<string, Box>>;
  /** What can be visited, in reading order. */
  readonly ids: readonly string[];
  readonly edges: readonly (readonly [string, string])[];
  readonly direction: Direction;
}

interface Middle {
  readonly x: number;
  readonly y: number;
}

export function isArrow(key: string): key is Arrow {
  return key === "ArrowLeft" || key === "ArrowRight" || key === "ArrowUp" || key === "ArrowDown";
}

/** Where an arrow leads; undefined: nowhere. */
export function findNext(graph: Walkable, from: string, arrow: Arrow): string | undefined {
  const start = middleOf(graph, from);
  if (!start) return undefined;
  const [forward, back] = graph.direction === "LR" ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
  const neighbours =
    arrow === forward
      ? graph.edges.filter(([parent]) => parent === from).map(([, child]) => child)
      : arrow === back
        ? graph.edges.filter(([, child]) => child === from).map(([parent]) => parent)
        : [];
  const reachable = neighbours.filter((id) => graph.ids.includes(id));
  return nearest(graph, start, reachable) ?? nearestBeside(graph, from, start, arrow);
}

function nearest(graph: Walkable, start: Middle, ids: readonly string[]): string | undefined {
  return best(ids, (id) => {
    const middle = middleOf(graph, id);
    return middle && Math.hypot(middle.x - start.x, middle.y - start.y);
  });
}

/** The nearest in a direction; what lies straight ahead is preferred to what lies aside. */
function nearestBeside(graph: Walkable, from: string, start: Middle, arrow: Arrow): string | undefined {
  const isFlat = arrow === "ArrowLeft" || arrow === "ArrowRight";
  const sign = arrow === "ArrowRight" || arrow === "ArrowDown" ? 1 : -1;
  return best(graph.ids, (id) => {
    const middle = middleOf(graph, id);
    if (!middle || id === from) return undefined;
    const [across, along] = [middle.x - start.x, middle.y - start.y];
    const [ahead, aside] = isFlat ? [across * sign, along] : [along * sign, across];
    return ahead > 1 ? ahead + 3 * Math.abs(aside) : undefined;
  });
}

function best(ids: readonly string[], costOf: (id: string) => number | undefined): string | undefined {
  let found: string | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const cost = costOf(id);
    if (cost !== undefined && cost < lowest) {
      found = id;
      lowest = cost;
    }
  }
  return found;
}

function middleOf(graph: Walkable, id: string): Middle | undefined {
  const box = graph.boxes[id];
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
