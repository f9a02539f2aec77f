import { Link } from "wouter";
import { useRuns } from "../../api/queries";
import type { RunItem } from "../../api/types";
import { links } from "../../app/links";
import { useQueryParams } from "../../app/location";
import { useNamespace } from "../../app/namespace";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatCount } from "../../parts/format";
import { PageHead } from "../../parts/PageHead";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import { SearchField } from "../../parts/SearchField";
import { type Column, Table } from "../../parts/Table";
import { Age, Span } from "../../parts/Time";

const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Cancelled"] as const;
const addressOf = (run: RunItem) => links.run(run.namespace, run.runID);

const COLUMNS: Column<RunItem>[] = [
  {
    key: "id",
    title: "Run",
    width: "minmax(0, 2fr)",
    render: (run) => <Link href={addressOf(run)}>{run.runID}</Link>,
  },
  { key: "phase", title: "State", width: "120px", render: (run) => <Phase phase={run.phase} /> },
  { key: "jobs", title: "Jobs", width: "minmax(80px, 1fr)", render: (run) => <Progress counts={run.counts} /> },
  { key: "stages", title: "Stages", width: "64px", align: "end", render: (run) => run.stages },
  {
    key: "waits",
    title: "Waits",
    width: "104px",
    render: (run) => (run.waitingApprovals > 0 ? formatCount(run.waitingApprovals, "approval") : ""),
  },
  { key: "namespace", title: "Namespace", width: "minmax(88px, 1fr)", render: (run) => run.namespace },
  { key: "created", title: "Began", width: "84px", render: (run) => <Age value={run.createTime} /> },
  {
    key: "took",
    title: "Took",
    width: "110px",
    render: (run) => <Span from={run.createTime} to={run.completionTime} />,
  },
];

/** Agent runs: DAGs that one agent submitted, one after the other, under one id. */
export default function Runs() {
  const [namespace] = useNamespace();
  const [params, change] = useQueryParams();
  const search = params.get("search") ?? "";
  const phase = params.get("phase") ?? "";
  const runs = useRuns({ namespace, search: search || undefined, phase: phase || undefined });
  return (
    <div className="page">
      <PageHead title="Agent runs" />
      <div className="filters">
        <SearchField
          label="Search ids and stages"
          value={search}
          onSearch={(text) => change({ search: text || undefined }, { replace: true })}
        />
        <label>
          <span className="hidden">State</span>
          <select value={phase} onChange={(event) => change({ phase: event.target.value || undefined })}>
            <option value="">every state</option>
            {PHASES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {runs.error && <ErrorNote error={runs.error} retry={runs.refetch} />}
      {!(runs.error && runs.items.length === 0) && (
        <Table
          label="Agent runs"
          columns={COLUMNS}
          items={runs.items}
          rowKey={(run) => `${run.namespace}/${run.runID}`}
          href={addressOf}
          total={runs.total}
          isPending={runs.isPending}
          hasMore={runs.hasMore}
          loadMore={runs.loadMore}
          empty={
            search || phase ? (
              <EmptyState title="No run matches">Take a filter away to see more.</EmptyState>
            ) : (
              <EmptyState title="No agent runs yet">
                DAGs that are submitted with the same agent run id are shown together here.
              </EmptyState>
            )
          }
        />
      )}
    </div>
  );
}
