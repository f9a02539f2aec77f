import type { Decision, GateItem } from "../../api/types";
import { formatSpan } from "../../parts/format";

/** The state of a gate as somebody says it who has not read the documentation. */
export function describeGate(gate: Pick<GateItem, "phase">): string {
  switch (gate.phase) {
    case "Scheduled":
      return "Not open yet: the job before it has not finished";
    case "Pending":
      return "Waits for a decision";
    case "Approved":
      return "Approved: the work goes on";
    case "Rejected":
      return "Rejected: what comes after it does not run";
    case "TimedOut":
      return "Nobody decided in time, which counts as a rejection";
  }
}

/** How many have approved, of how many that must: 1 of 2. Who approves twice counts once. */
export function countApprovals(gate: Pick<GateItem, "decisions" | "requiredApprovals">): string {
  const people = new Set(gate.decisions.filter((given) => given.verdict === "Approve").map((given) => given.user));
  return `${people.size} of ${gate.requiredApprovals}`;
}

/** Who may decide. Nobody named: whoever has the right to. */
export function describeApprovers(gate: Pick<GateItem, "users" | "groups">): string {
  const names = [...gate.users, ...gate.groups.map((group) => `members of ${group}`)];
  return names.length === 0 ? "Anybody with the right to approve in this namespace" : names.join(", ");
}

export function describeDecision(decision: Pick<Decision, "verdict">): string {
  return decision.verdict === "Approve" ? "approved" : "rejected";
}

/** How it ended, for somebody who has the page open: "Decided meanwhile: ada rejected this." */
export function describeEnd(gate: Pick<GateItem, "phase" | "decisions">, user: string | undefined): string {
  if (gate.phase === "TimedOut") return "The time to decide is over: it counts as rejected.";
  const last = gate.decisions.at(-1);
  if (last === undefined) return `Decided meanwhile: ${gate.phase.toLowerCase()}.`;
  if (last.user === user) return `You ${describeDecision(last)} this. It is decided now.`;
  return `Decided meanwhile: ${last.user} ${describeDecision(last)} this.`;
}

/** What is left of the time to decide. */
export function describeTimeLeft(deadline: string, now: number): string {
  const left = Date.parse(deadline) - now;
  return left > 0 ? `${formatSpan(left)} left` : "the time is up";
}

const BEGINNING = 280;

/** The beginning of a message, for a list: one line without the signs of markdown. */
export function beginningOf(message: string): string {
  const text = message
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[ \t]*(#{1,6}|[-*+>]|\d+\.)[ \t]+/gm, "")
    .replace(/\*\*|__|`+/g, "")
    .replace(/\*([^*\s][^*\n]*)\*/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > BEGINNING ? `${text.slice(0, BEGINNING).trimEnd()}…` : text;
}

/** Those that the reader may decide first, then the others; within both, what ends soonest first. */
export function sortWaiting(gates: readonly GateItem[]): GateItem[] {
  const deadline = (gate: GateItem) => (gate.deadline ? Date.parse(gate.deadline) : Number.POSITIVE_INFINITY);
  return gates.toSorted(
    (one, other) =>
      Number(other.mayDecide) - Number(one.mayDecide) ||
      compare(deadline(one), deadline(other)) ||
      compareNames(one, other),
  );
}

function compare(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function compareNames(one: GateItem, other: GateItem): number {
  const [left, right] = [`${one.namespace}/${one.name}`, `${other.namespace}/${other.name}`];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
