/** What of a graph is in sight at first and beside a panel, and that a job whose panel opens does not end up outside. */

import { useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { Box, Direction, Layout } from "./layout";

/** Smaller text cannot be read: rather the beginning of the graph than all of it. */
const SMALLEST = 0.45;
const MARGIN = 24;

interface Size {
  readonly width: number;
  readonly height: number;
}
interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The whole graph where it can be read, else its beginning. */
export function firstView(layout: Size, pane: Size, direction: Direction): View {
  const fit = Math.min((pane.width - 2 * MARGIN) / layout.width, (pane.height - 2 * MARGIN) / layout.height);
  const zoom = Math.min(1, Math.max(SMALLEST, fit));
  const [freeX, freeY] = [pane.width - layout.width * zoom, pane.height - layout.height * zoom];
  const isCut = fit < SMALLEST;
  return {
    zoom,
    x: isCut && direction === "LR" ? MARGIN : freeX / 2,
    y: isCut && direction === "TB" ? MARGIN : freeY / 2,
  };
}

/** The same view, or one around the node if that would be out of sight. */
function showing(box: Box | undefined, view: View, pane: Size): View {
  if (!box) return view;
  const { x, y, zoom } = view;
  const [left, top] = [box.x * zoom + x, box.y * zoom + y];
  const [right, bottom] = [left + box.width * zoom, top + box.height * zoom];
  if (left >= 0 && top >= 0 && right <= pane.width && bottom <= pane.height) return view;
  return {
    zoom,
    x: pane.width / 2 - (box.x + box.width / 2) * zoom,
    y: pane.height / 2 - (box.y + box.height / 2) * zoom,
  };
}

function isSame(one: View, other: View | undefined): boolean {
  return one.x === other?.x && one.y === other.y && one.zoom === other.zoom;
}

/**
 * The answer shows the graph for the first time. When there is another width for it, because a panel opens or closes,
 * it is fitted anew, unless the reader has moved it: then the place that they have found is kept.
 */
export function useFirstView(layout: Layout, direction: Direction, selected: string | undefined): () => void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const box = selected === undefined ? undefined : layout.boxes[selected];
  /** The view that was chosen here, and for which width. */
  const own = useRef<{ view: View; width: number } | undefined>(undefined);
  const showFirst = useCallback(() => {
    if (width === 0) return;
    const pane = { width, height };
    const view = showing(box, firstView(layout, pane, direction), pane);
    own.current = { view, width };
    void flow.setViewport(view);
  }, [flow, layout, direction, box, width, height]);
  useEffect(() => {
    if (width === 0) return;
    const now = flow.getViewport();
    const isOwn = isSame(now, own.current?.view);
    if (isOwn && own.current?.width !== width) {
      showFirst();
      return;
    }
    const view = showing(box, now, { width, height });
    if (view === now) return;
    if (isOwn) own.current = { view, width };
    void flow.setViewport(view);
  }, [flow, box, width, height, showFirst]);
  return showFirst;
}
