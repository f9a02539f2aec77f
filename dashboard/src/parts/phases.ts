import type { DagPhase, GatePhase, JobPhase } from "../api/types";
import type { IconName } from "./Icon";

/** Every phase has a colour, a shape and a word: none of them alone carries the meaning. */
export type AnyPhase = DagPhase | JobPhase | GatePhase;
export type Tone = "pending" | "running" | "serving" | "succeeded" | "failed" | "cancelled" | "gate";

export interface PhaseLook {
  word: string;
  tone: Tone;
  icon: IconName;
}

const LOOKS: Record<AnyPhase | "Waiting", PhaseLook> = {
  Pending: { word: "Pending", tone: "pending", icon: "pending" },
  Running: { word: "Running", tone: "running", icon: "running" },
  Serving: { word: "Serving", tone: "serving", icon: "serving" },
  Succeeded: { word: "Succeeded", tone: "succeeded", icon: "succeeded" },
  Failed: { word: "Failed", tone: "failed", icon: "failed" },
  Cancelled: { word: "Cancelled", tone: "cancelled", icon: "cancelled" },
  Scheduled: { word: "Not open yet", tone: "pending", icon: "pending" },
  Waiting: { word: "Waiting for approval", tone: "gate", icon: "gate" },
  Approved: { word: "Approved", tone: "succeeded", icon: "succeeded" },
  Rejected: { word: "Rejected", tone: "failed", icon: "failed" },
  TimedOut: { word: "Timed out", tone: "failed", icon: "failed" },
};

/** A gate that is Pending waits for a person, a job that is Pending for the cluster. */
export function lookOf(phase: AnyPhase, isGate = false): PhaseLook {
  return LOOKS[isGate && phase === "Pending" ? "Waiting" : phase];
}

/** In the order of a bar: what is done first, what is to come last. */
export const TONES = ["succeeded", "failed", "cancelled", "serving", "running", "pending"] as const;
