/** When a fold opens or closes, everything moves; the view moves along, so that the reader's place stays where it was. */

import { useReactFlow } from "@xyflow/react";
import { useLayoutEffect, useRef } from "react";
import type { Box, Layout } from "./layout";

export function useSteadyView(layout: Layout, active: string | undefined): void {
  const flow = useReactFlow();
  const before = useRef(layout);
  useLayoutEffect(() => {
    const old = before.current;
    if (old === layout) return;
    before.current = layout;
    const anchor = findAnchor(old, layout, active);
    if (!anchor) return;
    const view = flow.getViewport();
    void flow.setViewport({
      zoom: view.zoom,
      x: view.x + (anchor[0].x - anchor[1].x) * view.zoom,
      y: view.y + (anchor[0].y - anchor[1].y) * view.zoom,
    });
  }, [flow, layout, active]);
}

/** Where something was and is: the active node or, if only now it is gone or there, whatever both have. */
function findAnchor(old: Layout, layout: Layout, active: string | undefined): readonly [Box, Box] | undefined {
  for (const id of [active, ...Object.keys(old.boxes)]) {
    const [was, is] = id === undefined ? [] : [old.boxes[id], layout.boxes[id]];
    if (was && is) return [was, is];
  }
  return undefined;
}
