import { Link } from "wouter";
import type { DagItem } from "../../api/types";
import { links } from "../../app/links";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import type { Column } from "../../parts/Table";
import { Age, Span } from "../../parts/Time";
import { showTurns } from "../../parts/turns";

const NAME: Column<DagItem> = {
  key: "name",
  title: "Name",
  width: "minmax(180px, 3fr)",
  render: (dag) => (
    <>
      <Link href={links.dag(dag.namespace, dag.name)} className="cell-main" title={dag.displayName}>
        {showTurns(dag.displayName || dag.name)}
      </Link>
      <span className="cell-under" title={dag.message || undefined}>
        {showTurns(dag.message || dag.name)}
      </span>
    </>
  ),
};
const NAMESPACE: Column<DagItem> = { key: "namespace", title: "Namespace", render: (dag) => dag.namespace };
const REST: readonly Column<DagItem>[] = [
  {
    key: "phase",
    title: "Phase",
    width: "minmax(112px, 1.2fr)",
    render: (dag) => (
      <span className="marks">
        <Phase phase={dag.phase} />
        {remarkOf(dag) && <span className="small soft">{remarkOf(dag)}</span>}
        {dag.waitingApprovals > 0 && <span className="badge badge-loud">{dag.waitingApprovals} to approve</span>}
      </span>
    ),
  },
  {
    key: "progress",
    title: "Jobs",
    width: "minmax(120px, 1.5fr)",
    render: (dag) => <Progress counts={dag.counts} text={dag.progress} />,
  },
  { key: "created", title: "Submitted", width: "minmax(90px, 1fr)", render: (dag) => <Age value={dag.createTime} /> },
  {
    key: "span",
    title: "Took",
    width: "minmax(84px, 0.8fr)",
    render: (dag) => dag.startTime && <Span from={dag.startTime} to={dag.completionTime} />,
  },
  {
    key: "by",
    title: "By",
    width: "minmax(96px, 1.6fr)",
    render: (dag) =>
      (dag.requestedBy || dag.agentRunID) && (
        <>
          {dag.requestedBy && (
            <span className="cell-one" title={dag.requestedBy}>
              {dag.requestedBy}
            </span>
          )}
          {dag.agentRunID && (
            <Link href={links.run(dag.namespace, dag.agentRunID)} className="cell-under">
              run {dag.agentRunID}
            </Link>
          )}
        </>
      ),
  },
];

/** The namespace is worth a column only where there are several. */
export function columnsOf(hasNamespaces: boolean): readonly Column<DagItem>[] {
  return hasNamespaces ? [NAME, NAMESPACE, ...REST] : [NAME, ...REST];
}

function remarkOf(dag: DagItem): string {
  if (dag.completionTime) {
    return "";
  }
  return dag.cancelling ? "is being cancelled" : dag.suspended ? "suspended" : "";
}
