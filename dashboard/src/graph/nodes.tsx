/**
 * How a job and a fold look in the graph: one button each. Its name is what it shows, word for word, so that whoever
 * speaks to the computer can say what is seen; the spaces between the parts are for that name.
 */

import type { NodeProps } from "@xyflow/react";
import { memo, type ReactNode, useContext, useEffect, useRef } from "react";
import type { JobItem } from "../api/types";
import { formatCount } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Progress } from "../parts/Progress";
import { lookOf, type PhaseLook } from "../parts/phases";
import { Span } from "../parts/Time";
import { NodeActionsContext } from "./actions";
import type { FoldFlowNode, FrameFlowNode, JobData, JobFlowNode } from "./flow";

/** The drawing library takes the pointer from nodes that it can neither select nor drag. */
const PRESSABLE = { pointerEvents: "auto" } as const;

export const JobNode = memo(function JobNode({ data }: NodeProps<JobFlowNode>) {
  const { openJob } = useContext(NodeActionsContext);
  const { job, phase, label } = data.node;
  const look = lookOf(phase);
  return (
    <NodeButton data={data} look={look} kind="job" onPress={() => job && openJob(job.name)}>
      <span className="node-title">{label}</span> {job && <JobLine job={job} look={look} />}
      {job?.approval === "Pending" && (
        <span className="node-gate tone-gate" title="Waits for approval">
          <Icon name="gate" />
          <span className="hidden"> waits for approval</span>
        </span>
      )}
    </NodeButton>
  );
});

/** The spaces are for screen readers: on the screen there is a gap. */
function JobLine({ job, look }: { job: JobItem; look: PhaseLook }) {
  return (
    <span className="node-line">
      <span className="node-word">{job.cancelling ? "Cancelling" : look.word}</span>{" "}
      {job.startTime && <Span from={job.startTime} to={job.completionTime} />}{" "}
      {job.attempt > 1 && <span>attempt {job.attempt}</span>}{" "}
      {job.node && <span className="node-where">{job.node}</span>}
    </span>
  );
}

export const FoldNode = memo(function FoldNode({ data }: NodeProps<FoldFlowNode>) {
  const { toggle, list } = useContext(NodeActionsContext);
  const { node } = data;
  const look = lookOf(node.phase);
  return (
    <NodeButton
      data={data}
      look={look}
      kind="fold"
      onPress={() => (node.opens ? toggle(node.id, true) : list(node.id))}
    >
      <span className="node-title">{node.label}</span> <Progress counts={node.counts ?? {}} />{" "}
      <span className="node-line">
        <span>{formatCount(node.size, "job")}</span>{" "}
        <span className="node-way">{node.opens ? "Open +" : "Show list"}</span>
      </span>
    </NodeButton>
  );
});

export const FrameNode = memo(function FrameNode({ data }: NodeProps<FrameFlowNode>) {
  const { toggle } = useContext(NodeActionsContext);
  const { frame } = data;
  return (
    <div className="frame">
      <button type="button" className="frame-head" style={PRESSABLE} onClick={() => toggle(frame.id, false)}>
        <span className="frame-title">{frame.label}</span>
        <span>Close −</span>
      </button>
    </div>
  );
});

interface NodeButtonProps {
  data: JobData;
  look: PhaseLook;
  kind: "job" | "fold";
  onPress: () => void;
  children: ReactNode;
}

function NodeButton({ data, look, kind, onPress, children }: NodeButtonProps) {
  const { focused, wantsFocus } = useContext(NodeActionsContext);
  const button = useRef<HTMLButtonElement>(null);
  // Also when it only now comes into sight: the walk has moved the view to it.
  useEffect(() => {
    if (data.isActive && wantsFocus()) button.current?.focus({ preventScroll: true });
  }, [data.isActive, wantsFocus]);
  return (
    <button
      ref={button}
      type="button"
      className={`node node-${kind} tone-${look.tone}`}
      data-node={data.node.id}
      data-job={data.node.job?.name}
      data-phase={data.node.phase}
      aria-pressed={kind === "job" ? data.isSelected : undefined}
      tabIndex={data.isActive ? 0 : -1}
      style={PRESSABLE}
      onFocus={() => focused(data.node.id)}
      onClick={onPress}
    >
      <Icon name={look.icon} />
      <span className="node-text">{children}</span>
    </button>
  );
}
