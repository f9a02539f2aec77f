/** All edges as one SVG path, and all arrow heads as another: two elements, however many edges there are. */

import type { Box, Direction } from "./layout";

export interface Drawing {
  readonly lines: string;
  readonly heads: string;
}

const HEAD = 7;

export function drawEdges(
  edges: readonly (readonly [string, string])[],
  boxes: Readonly<Record<string, Box>>,
  direction: Direction,
): Drawing {
  const lines: string[] = [];
  const heads: string[] = [];
  for (const [from, to] of edges) {
    const [start, end] = [boxes[from], boxes[to]];
    if (!start || !end) continue;
    const flat = direction === "LR";
    const x1 = flat ? start.x + start.width : start.x + start.width / 2;
    const y1 = flat ? start.y + start.height / 2 : start.y + start.height;
    const x2 = flat ? end.x : end.x + end.width / 2;
    const y2 = flat ? end.y + end.height / 2 : end.y;
    lines.push(flat ? bendFlat(x1, y1, x2 - HEAD, y2) : bendDown(x1, y1, x2, y2 - HEAD));
    heads.push(flat ? `M${x2} ${y2}l${-HEAD} -4v8z` : `M${x2} ${y2}l-4 ${-HEAD}h8z`);
  }
  return { lines: lines.join(""), heads: heads.join("") };
}

function bendFlat(x1: number, y1: number, x2: number, y2: number): string {
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const reach = Math.max(24, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`;
}

function bendDown(x1: number, y1: number, x2: number, y2: number): string {
  if (x1 === x2) return `M${x1} ${y1}V${y2}`;
  const reach = Math.max(24, (y2 - y1) / 2);
  return `M${x1} ${y1}C${x1} ${y1 + reach} ${x2} ${y2 - reach} ${x2} ${y2}`;
}
