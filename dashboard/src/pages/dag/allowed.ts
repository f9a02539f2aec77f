/** Why an action makes no sense now, in a sentence; empty where it does. Rights are another matter. */

import type { DagItem, DagPhase, JobItem, JobPhase } from "../../api/types";

const ENDED: readonly (DagPhase | JobPhase)[] = ["Succeeded", "Failed", "Cancelled"];

export function whyNotCancel(dag: DagItem): string {
  if (ENDED.includes(dag.phase)) return "The DAG has ended.";
  return dag.cancelling ? "The DAG is being cancelled already." : "";
}

export function whyNotSuspend(dag: DagItem): string {
  if (ENDED.includes(dag.phase)) return "The DAG has ended.";
  return dag.cancelling ? "The DAG is being cancelled." : "";
}

/** The same rule as that of `titan retry`. */
export function whyNotRetry(dag: DagItem): string {
  const stopped = (dag.counts.failed ?? 0) + (dag.counts.cancelled ?? 0);
  if (dag.phase === "Succeeded") return "Everything in the DAG has succeeded.";
  return ENDED.includes(dag.phase) || stopped > 0 ? "" : "Nothing in the DAG has failed or was cancelled.";
}

export function whyNotCancelJob(job: JobItem): string {
  const what = job.type === "Service" ? "service" : "job";
  if (ENDED.includes(job.phase)) return `The ${what} has ended.`;
  return job.cancelling ? `The ${what} is being cancelled already.` : "";
}
