/** The log of one attempt; the newest, unless the reader chose another. */

import { useRights } from "../../../api/queries";
import type { JobDetail } from "../../../api/types";
import { EmptyState } from "../../../parts/EmptyState";
import { LogView } from "../../../parts/LogView";

interface Props {
  detail: JobDetail;
  /** The chosen one. */
  attempt: number | undefined;
  onAttempt: (attempt: number | undefined) => void;
}

export function JobLog({ detail, attempt, onAttempt }: Props) {
  const { job } = detail;
  const right = useRights(job.namespace).data?.["logs.read"];
  if (right && !right.allowed) return <EmptyState title="You may not read logs here">{right.reason}</EmptyState>;
  const newest = job.attempt;
  const shown = attempt ?? (newest > 0 ? newest : undefined);
  return (
    <div className="job-log">
      {newest > 1 && (
        <label className="field-inline">
          <span>Attempt</span>
          <select
            value={attempt ?? ""}
            onChange={(event) => onAttempt(event.target.value ? Number(event.target.value) : undefined)}
          >
            <option value="">Newest ({newest})</option>
            {countDown(newest).map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      )}
      <LogView key={shown ?? 0} namespace={job.namespace} job={job.uid} attempt={shown} name={job.jobID} />
    </div>
  );
}

function countDown(from: number): number[] {
  return Array.from({ length: from }, (_, index) => from - index);
}
