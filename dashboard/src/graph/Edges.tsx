/** All edges of a graph, and those of the selected node once more in a stronger colour. */

import { memo, useMemo } from "react";
import type { Direction, Layout } from "./layout";
import type { Model } from "./model";
import { drawEdges } from "./paths";

interface Props {
  edges: Model["edges"];
  layout: Layout;
  direction: Direction;
  /** Id of a node. */
  marked: string | undefined;
}

export const Edges = memo(function Edges({ edges, layout, direction, marked }: Props) {
  const all = useMemo(() => drawEdges(edges, layout.boxes, direction), [edges, layout, direction]);
  const own = useMemo(
    () =>
      drawEdges(
        edges.filter((edge) => marked !== undefined && edge.includes(marked)),
        layout.boxes,
        direction,
      ),
    [edges, layout, direction, marked],
  );
  return (
    <svg className="edges" width={layout.width + 1} height={layout.height + 1} aria-hidden="true">
      <path className="edges-lines" d={all.lines} />
      <path className="edges-heads" d={all.heads} />
      {own.lines && (
        <>
          <path className="edges-lines edges-lines-own" d={own.lines} />
          <path className="edges-heads edges-heads-own" d={own.heads} />
        </>
      )}
    </svg>
  );
});
