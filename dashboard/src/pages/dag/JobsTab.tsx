/** The jobs of a DAG, or of one fold of its graph, as a table: the same as the graph for whoever reads it by ear. */

import { useCallback } from "react";
import { useJobs } from "../../api/queries";
import type { JobItem } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { EmptyState } from "../../parts/EmptyState";
import { formatCount } from "../../parts/format";
import { ListingTable } from "../../parts/ListingTable";
import { GatePhaseMark, Phase } from "../../parts/Phase";
import { Phases } from "../../parts/Phases";
import { SearchField } from "../../parts/SearchField";
import type { Column } from "../../parts/Table";
import { Age, Span } from "../../parts/Time";
import type { DagAddress, Navigation } from "./address";

const PHASES = ["Running", "Serving", "Pending", "Failed", "Succeeded", "Cancelled"] as const;

interface Props {
  namespace: string;
  dag: string;
  address: DagAddress;
  navigation: Navigation;
}

export function JobsTab({ namespace, dag, address, navigation }: Props) {
  const { phase, search, group } = address;
  const jobs = useJobs(namespace, dag, { phase, search, group, sort: "created" });
  const onSearch = useCallback((text: string) => navigation.filter({ search: text }), [navigation]);
  const isFiltered = phase !== undefined || search !== "" || group !== undefined;
  return (
    <>
      <div className="filters">
        <SearchField label="Search jobs" value={search} onSearch={onSearch} />
        <Phases phases={PHASES} chosen={phase ?? ""} onChoose={(chosen) => navigation.filter({ phase: chosen })} />
        {group !== undefined && (
          <ActionButton icon="close" onClick={() => navigation.list(undefined)}>
            Only {group.replace(/^fold:[^:]*:/, "the group of ")}
          </ActionButton>
        )}
        {jobs.total !== undefined && <output className="quiet">{formatCount(jobs.total, "job")}</output>}
      </div>
      <ListingTable
        label="Jobs"
        columns={address.job === undefined ? COLUMNS : COLUMNS_BESIDE}
        listing={jobs}
        rowKey={(job) => job.uid}
        onOpen={(job) => navigation.openJob(job.name)}
        isCurrent={(job) => job.name === address.job}
        empty={
          <EmptyState title={isFiltered ? "No job matches" : "There are no jobs yet"}>
            {isFiltered ? "Take a filter away to see more." : "They appear here as soon as they are submitted."}
          </EmptyState>
        }
      />
    </>
  );
}

const MAIN: readonly Column<JobItem>[] = [
  { key: "id", title: "Job", width: "minmax(0, 2fr)", render: (job) => <span className="job-id">{job.jobID}</span> },
  {
    key: "phase",
    title: "Phase",
    width: "minmax(130px, 1.2fr)",
    render: (job) => (
      <>
        <Phase phase={job.phase} /> {job.approval && <GatePhaseMark phase={job.approval} />}
      </>
    ),
  },
  {
    key: "took",
    title: "Took",
    width: "minmax(90px, 0.7fr)",
    render: (job) => job.startTime && <Span from={job.startTime} to={job.completionTime} />,
  },
];
/** Beside an open job there is less room, and the panel tells the rest. */
const COLUMNS_BESIDE = MAIN;
const COLUMNS: readonly Column<JobItem>[] = [
  ...MAIN,
  { key: "started", title: "Started", width: "minmax(84px, 0.7fr)", render: (job) => <Age value={job.startTime} /> },
  {
    key: "attempt",
    title: "Attempt",
    width: "4.5rem",
    align: "end",
    render: (job) => (job.attempt > 0 ? job.attempt : undefined),
  },
  { key: "node", title: "Node", render: (job) => job.node && <OneLine text={job.node} /> },
  {
    key: "message",
    title: "Message",
    width: "minmax(0, 2fr)",
    render: (job) => job.message && <OneLine text={job.message} />,
  },
];

function OneLine({ text }: { text: string }) {
  return (
    <span className="one-line" title={text}>
      {text}
    </span>
  );
}
