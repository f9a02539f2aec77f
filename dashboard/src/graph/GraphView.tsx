/**
 * The graph of a DAG: pan, zoom, open and close folds, walk with the arrow keys, open a job.
 *
 * The drawing library brings pan, zoom, the small map, and draws only nodes in sight; edges are two paths of our own.
 */

import { Controls, ReactFlow, ReactFlowProvider, ViewportPortal } from "@xyflow/react";
import { useMemo, useState } from "react";
import "@xyflow/react/dist/base.css";
import type { Graph } from "../api/types";
import { NodeActionsContext } from "./actions";
import { Edges } from "./Edges";
import { type LayoutEngine, openEngine } from "./engine";
import { type FlowNode, FlowNodes } from "./flow";
import "./graph.css";
import type { Direction, Layout } from "./layout";
import { foldLabels, type Model, makeModel, requestLayout } from "./model";
import { FoldNode, FrameNode, JobNode } from "./nodes";
import { SmallMap } from "./SmallMap";
import { useDirection } from "./useDirection";
import { useFirstView } from "./useFirstView";
import { useLayout } from "./useLayout";
import { useSteadyView } from "./useSteadyView";
import { useWalk } from "./useWalk";

const NODE_TYPES = { job: JobNode, fold: FoldNode, frame: FrameNode };
const NOTHING_TO_DRAW: never[] = [];

export interface GraphViewProps {
  graph: Graph;
  /** Name of the job whose panel is open. */
  selected?: string | undefined;
  onOpenJob: (name: string) => void;
  onToggle: (fold: string, isOpen: boolean) => void;
  onList: (fold: string) => void;
  /** For tests. */
  engine?: () => LayoutEngine;
}

export function GraphView({ graph, engine = openEngine, ...rest }: GraphViewProps) {
  const [labels] = useState(() => new Map<string, string>());
  const direction = useDirection();
  const model = useMemo(() => {
    for (const [id, label] of foldLabels(graph)) labels.set(id, label);
    return makeModel(graph, labels);
  }, [graph, labels]);
  const request = useMemo(() => requestLayout(model, direction), [model, direction]);
  const layout = useLayout(request, `${direction} ${graph.shape}`, engine);
  return (
    <section className="graph" aria-label="Graph of the jobs">
      {layout && (
        <ReactFlowProvider>
          <Drawing model={model} layout={layout} direction={direction} {...rest} />
        </ReactFlowProvider>
      )}
    </section>
  );
}

interface DrawingProps extends Omit<GraphViewProps, "graph" | "engine"> {
  model: Model;
  layout: Layout;
  direction: Direction;
}

function Drawing({ model, layout, direction, selected, onOpenJob, onToggle, onList }: DrawingProps) {
  const [cache] = useState(() => new FlowNodes());
  const [isMoving, setMoving] = useState(false);
  const walk = useWalk(model, layout, direction);
  const marked = useMemo(() => model.nodes.find(({ job }) => job && job.name === selected)?.id, [model, selected]);
  useSteadyView(layout, walk.active);
  const showFirst = useFirstView(layout, direction, marked);
  const nodes = useMemo(
    () => cache.make(model, layout, { active: walk.active, selected }),
    [cache, model, layout, walk.active, selected],
  );
  const { focused, toggled, wantsFocus } = walk;
  const actions = useMemo(
    () => ({
      openJob: onOpenJob,
      toggle: (fold: string, isOpen: boolean) => {
        toggled(fold);
        onToggle(fold, isOpen);
      },
      list: onList,
      focused,
      wantsFocus,
    }),
    [onOpenJob, onToggle, onList, focused, toggled, wantsFocus],
  );
  return (
    <NodeActionsContext value={actions}>
      <ReactFlow<FlowNode>
        nodes={nodes}
        edges={NOTHING_TO_DRAW}
        nodeTypes={NODE_TYPES}
        onKeyDown={walk.onKeyDown}
        onBlur={walk.onBlur}
        onlyRenderVisibleElements
        onInit={showFirst}
        onMoveStart={() => setMoving(true)}
        onMoveEnd={() => setMoving(false)}
        className={isMoving ? "graph-moving" : ""}
        minZoom={0.05}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        proOptions={{ hideAttribution: false }}
      >
        <ViewportPortal>
          <Edges edges={model.edges} layout={layout} direction={direction} marked={marked ?? walk.active} />
        </ViewportPortal>
        <SmallMap model={model} layout={layout} />
        <Controls showInteractive={false} aria-label="Zoom" />
      </ReactFlow>
    </NodeActionsContext>
  );
}
