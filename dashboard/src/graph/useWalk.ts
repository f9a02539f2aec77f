/** The keyboard in the graph: one tab stop, arrows walk, Home and End go to the first and last node. */

import { useReactFlow } from "@xyflow/react";
import { type FocusEvent, type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import type { Direction, Layout } from "./layout";
import type { Model } from "./model";
import { findNext, isArrow, type Walkable } from "./walk";

export interface Walk {
  /** Id of the one node that Tab reaches. */
  readonly active: string | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** The focus leaves a node; to somewhere else than the graph it is not brought back. */
  readonly onBlur: (event: FocusEvent) => void;
  readonly focused: (id: string) => void;
  /** A fold is opened or closed: what comes in its place gets the focus. */
  readonly toggled: (id: string) => void;
  readonly wantsFocus: () => boolean;
}

export function useWalk(model: Model, layout: Layout, direction: Direction): Walk {
  const flow = useReactFlow();
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const isWalking = useRef(false);
  const graph = useMemo<Walkable>(() => {
    const ids = model.nodes.map((node) => node.id).filter((id) => layout.boxes[id] !== undefined);
    return { boxes: layout.boxes, ids, edges: model.edges, direction };
  }, [model, layout, direction]);
  const active = useMemo(() => findActive(model, graph.ids, chosen), [model, graph, chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const isNode = event.target instanceof HTMLElement && event.target.dataset.node !== undefined;
    if (!isNode || active === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = findTarget(graph, active, event.key);
    if (next === undefined) return;
    event.preventDefault();
    isWalking.current = true;
    setChosen(next);
    const box = layout.boxes[next];
    // Without an animation: the next arrow may follow at once, and some readers want no motion.
    if (box)
      void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(flow.getZoom(), 0.6) });
  };
  return {
    active,
    onKeyDown,
    onBlur: (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !event.currentTarget.contains(next)) isWalking.current = false;
    },
    focused: useCallback((id: string) => setChosen(id), []),
    toggled: useCallback((id: string) => {
      isWalking.current = true;
      setChosen(id);
    }, []),
    wantsFocus: useCallback(() => isWalking.current, []),
  };
}

/** What was chosen; of an opened fold its first member. */
function findActive(model: Model, ids: readonly string[], chosen: string | undefined): string | undefined {
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  return model.frames.find((frame) => frame.id === chosen)?.members[0]?.id ?? ids[0];
}

function findTarget(graph: Walkable, from: string, key: string): string | undefined {
  if (key === "Home") return graph.ids[0];
  if (key === "End") return graph.ids.at(-1);
  return isArrow(key) ? findNext(graph, from, key) : undefined;
}
