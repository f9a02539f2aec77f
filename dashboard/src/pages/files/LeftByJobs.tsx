import { useState } from "react";
import { useDags, useJobs } from "../../api/queries";
import { useQueryParams } from "../../app/location";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { Phase } from "../../parts/Phase";
import { SearchField } from "../../parts/SearchField";
import { Skeleton } from "../../parts/Skeleton";
import { Age } from "../../parts/Time";
import { LeftFiles } from "./LeftFiles";
import { MoreButton } from "./MoreButton";
import "./files.css";

/** Choose a DAG, perhaps one of its jobs, and see what it left. The choice is in the address. */
export function LeftByJobs({ namespace }: { namespace: string }) {
  const [params, change] = useQueryParams();
  const dag = params.get("dag") ?? undefined;
  const job = params.get("job") ?? undefined;
  if (dag === undefined) {
    return <DagChoice namespace={namespace} onChoose={(name) => change({ dag: name, job: undefined })} />;
  }
  return (
    <>
      <div className="upload-bar">
        <button type="button" className="button" onClick={() => change({ dag: undefined, job: undefined })}>
          Choose another DAG
        </button>
        <span>
          Files of <strong>{dag}</strong>
        </span>
        <JobChoice namespace={namespace} dag={dag} job={job} onChoose={(name) => change({ job: name })} />
      </div>
      <LeftFiles key={`${dag} ${job}`} namespace={namespace} dag={dag} job={job} />
    </>
  );
}

function DagChoice({ namespace, onChoose }: { namespace: string; onChoose: (dag: string) => void }) {
  const [search, setSearch] = useState("");
  const dags = useDags({ namespace, search: search || undefined });
  if (dags.error && dags.items.length === 0) return <ErrorNote error={dags.error} retry={dags.refetch} />;
  if (dags.isPending) return <Skeleton rows={4} />;
  return (
    <>
      <SearchField label="Search DAGs" value={search} onSearch={setSearch} />
      {dags.items.length === 0 && (
        <EmptyState title={search ? "No DAG of this name" : "No DAGs yet"}>
          {search ? "Search for a part of its name." : "What the jobs of a DAG leave is shown here."}
        </EmptyState>
      )}
      <ul className="file-rows" aria-label="DAGs">
        {dags.items.map((dag) => (
          <li key={dag.name}>
            <button type="button" className="file-row" onClick={() => onChoose(dag.name)}>
              <span className="file-row-name">{dag.name}</span>
              <span className="file-row-facts">
                <Phase phase={dag.phase} />
                <Age value={dag.createTime} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <MoreButton listing={dags} what="DAGs" />
    </>
  );
}

interface JobChoiceProps {
  namespace: string;
  dag: string;
  job: string | undefined;
  onChoose: (job: string | undefined) => void;
}

/** The first jobs by name; the search of the paths finds the files of all others. */
function JobChoice({ namespace, dag, job, onChoose }: JobChoiceProps) {
  const jobs = useJobs(namespace, dag);
  const isListed = job === undefined || jobs.items.some((item) => item.name === job);
  return (
    <label className="upload-folder">
      of job
      <select value={job ?? ""} onChange={(event) => onChoose(event.target.value || undefined)}>
        <option value="">all jobs</option>
        {!isListed && <option value={job}>{job}</option>}
        {jobs.items.map((item) => (
          <option key={item.name} value={item.name}>
            {item.jobID}
          </option>
        ))}
      </select>
    </label>
  );
}
