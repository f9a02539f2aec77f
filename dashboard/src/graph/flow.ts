/** Nodes in the form of the drawing library. Those that have not changed stay the same objects, so they are not drawn again. */

import type { Node } from "@xyflow/react";
import type { GraphNode } from "../api/types";
import type { Box, Layout } from "./layout";
import type { Frame, Model } from "./model";

export interface Marks {
  /** The one node that Tab reaches. */
  readonly active: string | undefined;
  /** Name of the job whose panel is open. */
  readonly selected: string | undefined;
}
export type JobData = { readonly node: GraphNode; readonly isActive: boolean; readonly isSelected: boolean };
export type FrameData = { readonly frame: Frame };
export type JobFlowNode = Node<JobData, "job">;
export type FoldFlowNode = Node<JobData, "fold">;
export type FrameFlowNode = Node<FrameData, "frame">;
export type FlowNode = JobFlowNode | FoldFlowNode | FrameFlowNode;

/** Remembers what it made. One for each drawing. */
export class FlowNodes {
  readonly #made = new Map<string, FlowNode>();

  make(model: Model, layout: Layout, marks: Marks): FlowNode[] {
    const frames = model.frames.flatMap((frame) => {
      const box = layout.boxes[frame.id];
      return box ? [this.#frame(frame, box)] : [];
    });
    const nodes = model.nodes.flatMap((node) => {
      const box = layout.boxes[node.id];
      return box ? [this.#node(node, box, marks)] : [];
    });
    return [...frames, ...nodes];
  }

  #node(node: GraphNode, box: Box, marks: Marks): FlowNode {
    const isActive = marks.active === node.id;
    const isSelected = node.job !== undefined && node.job.name === marks.selected;
    const before = this.#made.get(node.id);
    if (before && before.type !== "frame" && isAt(before, box)) {
      const { data } = before;
      if (data.node === node && data.isActive === isActive && data.isSelected === isSelected) return before;
    }
    const data = { node, isActive, isSelected };
    return this.#keep({ ...place(node.id, box), type: node.kind === "Job" ? "job" : "fold", data });
  }

  #frame(frame: Frame, box: Box): FlowNode {
    const before = this.#made.get(frame.id);
    if (before?.type === "frame" && isAt(before, box) && isSameFrame(before.data.frame, frame)) return before;
    return this.#keep({ ...place(frame.id, box), type: "frame", data: { frame }, zIndex: -1 });
  }

  #keep(node: FlowNode): FlowNode {
    this.#made.set(node.id, node);
    return node;
  }
}

/** Size and handles are told, so that the library neither measures nor observes each node. */
function place(id: string, box: Box) {
  const size = { width: box.width, height: box.height };
  return { id, position: { x: box.x, y: box.y }, ...size, measured: size, handles: [] };
}

function isAt(node: FlowNode, box: Box): boolean {
  const { position, width, height } = node;
  return position.x === box.x && position.y === box.y && width === box.width && height === box.height;
}

function isSameFrame(first: Frame, second: Frame): boolean {
  return first.label === second.label && first.members.length === second.members.length;
}
