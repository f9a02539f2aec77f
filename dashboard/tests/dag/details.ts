import type { DagDetail, JobDetail } from "../../src/api/types";
import { aDag, aJob, someRights } from "../builders";
import { FakeStore } from "../fakeStore";

export const DAG = "v1/namespaces/team-a/dags/analyse-7f3";
export const JOB = "v1/namespaces/team-a/jobs/analyse-7f3-fit";

export function aDagDetail(given: Partial<DagDetail> = {}): DagDetail {
  return { ...aDag(), comments: [], conditions: [], workspace: "Sync", ttlSecondsAfterFinished: 3_600, ...given };
}

export function aJobDetail(given: Partial<JobDetail> = {}): JobDetail {
  return {
    job: aJob(),
    why: "It runs on node-1.",
    attempts: [],
    conditions: [],
    children: [],
    source: { kind: "script", fileName: "fit.py" },
    args: [],
    env: [],
    secrets: [],
    resources: { requests: {}, limits: {} },
    retry: { limit: 3, backoffSeconds: 1, maxBackoffSeconds: 600 },
    ...given,
  };
}

/** A store with one DAG of one job. */
export function aStore(dag: DagDetail = aDagDetail(), job: JobDetail = aJobDetail()): FakeStore {
  return new FakeStore()
    .on("GET", DAG, dag)
    .on("GET", "v1/views/rights", someRights())
    .on("GET", `${DAG}/jobs`, { items: [job.job], total: 1 })
    .on("GET", `${DAG}/files`, { items: [], total: 0 })
    .on("GET", JOB, job)
    .on("GET", `${JOB}/events`, { items: [] });
}
