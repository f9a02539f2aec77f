import type { Graph, GraphNode } from "../../src/api/types";
import type { LayoutEngine } from "../../src/graph/engine";
import { computeLayout } from "../../src/graph/layout";
import { aJob } from "../builders";

export function aNode(id: string, parents: string[] = [], given: Partial<GraphNode> = {}): GraphNode {
  const job = aJob({ jobID: id, name: `dag-${id}`, phase: "Succeeded", attempt: 1, node: "node-1" });
  const own = parents.map((parent) => (parent.includes(":") ? parent : `job:${parent}`));
  const phase = "Succeeded";
  return { id: `job:${id}`, kind: "Job", label: id, parents: own, phase, size: 1, job, opens: false, ...given };
}

export function aFold(id: string, size: number, given: Partial<GraphNode> = {}): GraphNode {
  const label = `${id}-0 … ${id}-${size - 1}`;
  const counts = { succeeded: size };
  return {
    id: `fold:FanOut:${id}`,
    kind: "FanOut",
    label,
    parents: [],
    phase: "Succeeded",
    size,
    counts,
    opens: true,
    ...given,
  };
}

export function aGraph(nodes: GraphNode[], shape = nodes.map((node) => node.id).join(" ")): Graph {
  return { shape, jobs: nodes.length, nodes };
}

/** Lays out at once, and counts how often it was asked. */
export class PromptEngine implements LayoutEngine {
  asked = 0;

  ask: LayoutEngine["ask"] = (request, done) => {
    this.asked += 1;
    done(computeLayout(request));
  };

  close(): void {}
}
