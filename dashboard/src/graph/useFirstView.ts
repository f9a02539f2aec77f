/** What of a graph is in sight at first, and that a job whose panel opens does not end up outside. */

import { useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import type { Direction, Layout } from "./layout";

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

export function useFirstView(layout: Layout, direction: Direction, selected: string | undefined): () => void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    const box = selected === undefined ? undefined : layout.boxes[selected];
    if (!box || width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [box.x * zoom + x, box.y * zoom + y];
    const isInSight = left >= 0 && top >= 0 && left + box.width * zoom <= width && top + box.height * zoom <= height;
    if (!isInSight) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom });
  }, [flow, layout, selected, width, height]);
  return useCallback(() => {
    if (width > 0) void flow.setViewport(firstView(layout, { width, height }, direction));
  }, [flow, layout, direction, width, height]);
}
