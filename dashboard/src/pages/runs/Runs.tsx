import { Link } from "wouter";
import { useRuns } from "../../api/queries";
import type { RunItem } from "../../api/types";
import { links } from "../../app/links";
import { useQueryParams } from "../../app/location";
import { useNamespace } from "../../app/namespace";
import { EmptyState } from "../../parts/EmptyState";
import { formatCount } from "../../parts/format";
import { ListingTable } from "../../parts/ListingTable";
import { PageHead } from "../../parts/PageHead";
import { Phase } from "../../parts/Phase";
import { Phases } from "../../parts/Phases";
import { Progress } from "../../parts/Progress";
import { SearchField } from "../../parts/SearchField";
import type { Column } from "../../parts/Table";
import { Age, Span } from "../../parts/Time";

const PHASES = ["Running", "Pending", "Failed", "Succeeded", "Cancelled"] as const;
const addressOf = (run: RunItem) => links.run(run.namespace, run.runID);

const COLUMNS: Column<RunItem>[] = [
  {
    key: "id",
    title: "Run",
    width: "minmax(0, 2fr)",
    render: (run) => (
      <Link href={addressOf(run)} className="cell-main">
        {run.runID}
      </Link>
    ),
  },
  { key: "phase", title: "Phase", width: "120px", render: (run) => <Phase phase={run.phase} /> },
  { key: "jobs", title: "Jobs", width: "minmax(80px, 1fr)", render: (run) => <Progress counts={run.counts} /> },
  { key: "stages", title: "Stages", width: "64px", align: "end", render: (run) => run.stages },
  {
    key: "waits",
    title: "Waits for",
    width: "104px",
    render: (run) => (run.waitingApprovals > 0 ? formatCount(run.waitingApprovals, "approval") : ""),
  },
  { key: "created", title: "Began", width: "84px", render: (run) => <Age value={run.createTime} /> },
  {
    key: "took",
    title: "Took",
    width: "110px",
    render: (run) => <Span from={run.createTime} to={run.completionTime} />,
  },
];

const NAMESPACE: Column<RunItem> = { key: "namespace", title: "Namespace", render: (run) => run.namespace };

/** The namespace is worth a column only where there are several. */
function columnsOf(hasNamespaces: boolean): readonly Column<RunItem>[] {
  const [id, ...rest] = COLUMNS;
  return hasNamespaces && id ? [id, NAMESPACE, ...rest] : COLUMNS;
}

/** Agent runs: DAGs that one agent submitted, one after the other, under one id. */
export default function Runs() {
  const [namespace] = useNamespace();
  const [params, change] = useQueryParams();
  const search = params.get("search") ?? "";
  const phase = params.get("phase") ?? "";
  const runs = useRuns({ namespace, search: search || undefined, phase: phase || undefined });
  return (
    <div className="page">
      <PageHead title="Agent runs" beside={runs.total !== undefined && <span className="soft">{runs.total}</span>} />
      <div className="filters">
        <SearchField
          label="Search ids and stages"
          value={search}
          onSearch={(text) => change({ search: text || undefined }, { replace: true })}
        />
        <Phases phases={PHASES} chosen={phase} onChoose={(chosen) => change({ phase: chosen })} />
      </div>
      <ListingTable
        label="Agent runs"
        columns={columnsOf(namespace === undefined)}
        listing={runs}
        rowKey={(run) => `${run.namespace}/${run.runID}`}
        href={addressOf}
        empty={
          search || phase ? (
            <EmptyState title="No run matches">
              <button type="button" className="button" onClick={() => change({ search: undefined, phase: undefined })}>
                Show all runs
              </button>
            </EmptyState>
          ) : (
            <EmptyState title="No agent runs yet">
              DAGs that are submitted with the same agent run id are shown together here.
            </EmptyState>
          )
        }
      />
    </div>
  );
}
