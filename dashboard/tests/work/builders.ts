import type { FileItem, LeftFile, RunDetail, RunItem, ValueItem } from "../../src/api/types";
import { aDag, aJob } from "../builders";

/** What would run in the page, or lead out of it, if any text were taken for more than text. */
export const HOSTILE = '<script>globalThis.owned = 1</script><img src=x onerror="globalThis.owned = 1">';

export function aRun(given: Partial<RunItem> = {}): RunItem {
  return {
    namespace: "team-a",
    runID: "run/7",
    phase: "Running",
    createTime: "2026-05-01T08:00:00Z",
    stages: 1,
    counts: { succeeded: 1, running: 1 },
    waitingApprovals: 0,
    ...given,
  };
}

export function aRunDetail(given: Partial<RunDetail> = {}): RunDetail {
  return {
    run: aRun(),
    stages: [{ dag: aDag(), iteration: 1, jobs: [aJob()], jobCount: 1 }],
    artifacts: [],
    ...given,
  };
}

export function aFile(given: Partial<FileItem> = {}): FileItem {
  return {
    name: "reports/may.txt",
    size: 5,
    digest: `sha256:${"a".repeat(64)}`,
    updateTime: "2026-05-01T08:00:00Z",
    ...given,
  };
}

export function aLeftFile(given: Partial<LeftFile> = {}): LeftFile {
  return { path: "out/report.md", size: 20, digest: `sha256:${"b".repeat(64)}`, mode: 0o644, jobID: "fit", ...given };
}

export function aValue(given: Partial<ValueItem> = {}): ValueItem {
  return { key: "team:limit", size: 2, etag: '"1"', updateTime: "2026-05-01T08:00:00Z", ...given };
}
