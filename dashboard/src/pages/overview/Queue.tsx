import { Link } from "wouter";
import type { JobItem } from "../../api/types";
import { links } from "../../app/links";
import { Age } from "../../parts/Time";

/** Jobs that could start and have no place yet, in the order in which they will. */
export function Queue({ jobs, length }: { jobs: readonly JobItem[]; length: number }) {
  if (length === 0) {
    return null;
  }
  return (
    <section className="card" aria-labelledby="queue-title">
      <div className="card-head">
        <h2 id="queue-title">Queue</h2>
        <span className="soft small">{length > jobs.length ? `the first ${jobs.length} of ${length}` : length}</span>
      </div>
      <ol className="lines queue">
        {jobs.map((job) => (
          <li key={job.uid} className="line">
            <span className="line-name">
              {job.dag ? (
                <Link href={links.dag(job.namespace, job.dag, { job: job.name })}>{job.jobID}</Link>
              ) : (
                job.jobID
              )}
              <span className="soft small"> {job.dag ?? job.namespace}</span>
            </span>
            <span className="soft small line-end">
              {job.requirement}
              {job.priority !== 0 && ` · priority ${job.priority}`} · <Age value={job.readyTime ?? job.createTime} />
            </span>
            {job.message && <span className="soft small line-whole">{job.message}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
