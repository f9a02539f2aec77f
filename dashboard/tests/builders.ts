import type { Action, DagItem, GateItem, JobItem, Overview, Right, Rights, Session } from "../src/api/types";

/** Objects as the store tells them; a test names only what it is about. */
export function aSession(given: Partial<Session> = {}): Session {
  return {
    user: "ada@example.com",
    groups: [],
    csrfToken: "csrf-1",
    signIn: "token",
    isShared: false,
    expireTime: "2026-05-01T20:00:00Z",
    ...given,
  };
}

export function aDag(given: Partial<DagItem> = {}): DagItem {
  return {
    namespace: "team-a",
    name: "analyse-7f3",
    uid: "uid-dag-1",
    displayName: "analyse",
    phase: "Running",
    progress: "3/7",
    counts: { succeeded: 3, running: 2, pending: 2 },
    waitingApprovals: 0,
    createTime: "2026-05-01T08:00:00Z",
    startTime: "2026-05-01T08:00:05Z",
    message: "",
    run: 1,
    suspended: false,
    cancelling: false,
    ...given,
  };
}

export function aJob(given: Partial<JobItem> = {}): JobItem {
  return {
    namespace: "team-a",
    name: "analyse-7f3-fit",
    uid: "uid-job-1",
    jobID: "fit",
    dag: "analyse-7f3",
    phase: "Running",
    attempt: 1,
    requirement: "PYTHON",
    priority: 0,
    type: "Run",
    createTime: "2026-05-01T08:00:00Z",
    startTime: "2026-05-01T08:00:10Z",
    parents: [],
    message: "",
    suspended: false,
    cancelling: false,
    ...given,
  };
}

export function aGate(given: Partial<GateItem> = {}): GateItem {
  return {
    name: "deploy-gate-1",
    namespace: "team-a",
    dag: "analyse-7f3",
    job: "analyse-7f3-deploy",
    jobUID: "uid-job-2",
    jobID: "deploy",
    round: 1,
    phase: "Pending",
    message: "Shall this go out?",
    users: ["ada@example.com"],
    groups: [],
    requiredApprovals: 1,
    openTime: "2026-05-01T08:00:00Z",
    decisions: [],
    mayDecide: true,
    command: "titan approve deploy-gate-1 --namespace team-a",
    ...given,
  };
}

export function anOverview(given: Partial<Overview> = {}): Overview {
  return {
    counts: { pending: 0, running: 1, succeeded: 4, failed: 0, cancelled: 0 },
    running: [],
    gates: [],
    failed: [],
    capacity: [],
    queue: [],
    queueLength: 0,
    ...given,
  };
}

const ACTIONS: readonly Action[] = [
  "dags.cancel",
  "dags.retry",
  "dags.resubmit",
  "dags.comment",
  "dags.suspend",
  "jobs.cancel",
  "approvals.decide",
  "values.write",
  "values.delete",
  "files.write",
  "files.delete",
  "logs.read",
  "files.read",
  "values.read",
  "events.read",
];

/** All rights, but for the ones that are given. */
export function someRights(given: Partial<Rights> = {}): Rights {
  const allowed: Right = { allowed: true };
  return { ...(Object.fromEntries(ACTIONS.map((action) => [action, allowed])) as Rights), ...given };
}
