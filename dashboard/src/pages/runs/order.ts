import type { JobItem } from "../../api/types";

/** Jobs in the order in which they can run: each after its parents; otherwise as they came. */
export function inOrderOfWork(jobs: readonly JobItem[]): JobItem[] {
  const byID = new Map(jobs.map((job) => [job.jobID, job]));
  const depths = new Map<string, number>();
  const depthOf = (job: JobItem, above: ReadonlySet<string>): number => {
    const known = depths.get(job.jobID);
    if (known !== undefined) return known;
    // Parents beyond the jobs that are shown, and those of a cycle, do not count.
    const parents = job.parents.filter((id) => !above.has(id)).flatMap((id) => byID.get(id) ?? []);
    const below = new Set(above).add(job.jobID);
    const depth = parents.reduce((deepest, parent) => Math.max(deepest, depthOf(parent, below) + 1), 0);
    depths.set(job.jobID, depth);
    return depth;
  };
  for (const job of jobs) depthOf(job, new Set());
  return jobs.toSorted((one, other) => (depths.get(one.jobID) ?? 0) - (depths.get(other.jobID) ?? 0));
}
