import { Link } from "wouter";
import type { JobItem } from "../../api/types";
import { links } from "../../app/links";
import { useQueryParams } from "../../app/location";

/** A service of a DAG leads to its place there; one that stands alone has its log here. */
export function Name({ job }: { job: JobItem }) {
  const [, change] = useQueryParams();
  return (
    <>
      {job.dag ? (
        <Link href={links.dag(job.namespace, job.dag, { job: job.name })} className="cell-main">
          {job.jobID}
        </Link>
      ) : (
        <button
          type="button"
          className="button-link cell-main"
          onClick={() => change({ log: `${job.namespace}/${job.name}` })}
        >
          {job.jobID}
          <span className="hidden"> (open its log)</span>
        </button>
      )}
      <span className="cell-under" title={job.message || undefined}>
        {job.message || job.dag || job.name}
      </span>
    </>
  );
}
