import { Link } from "wouter";
import type { DagItem } from "../../api/types";
import { links } from "../../app/links";
import { useNamespace } from "../../app/namespace";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import { Age, Span } from "../../parts/Time";
import { showTurns } from "../../parts/turns";

interface StoriesProps {
  dags: readonly DagItem[];
  total: number;
}

/** What runs now, with its progress. */
export function RunningDags({ dags, total }: StoriesProps) {
  const [namespace] = useNamespace();
  return (
    <section className="card" aria-labelledby="running-title">
      <div className="card-head">
        <h2 id="running-title">Running now</h2>
        {total > dags.length && (
          <Link href={links.dags(namespace ? { namespace, phase: "Running" } : { phase: "Running" })}>All {total}</Link>
        )}
      </div>
      {dags.length === 0 && <p className="soft">No DAG runs at the moment.</p>}
      <ul className="lines">
        {dags.map((dag) => (
          <li key={dag.uid} className="line line-running">
            <DagName dag={dag} />
            <Progress counts={dag.counts} text={dag.progress} />
            <span className="soft small line-end">
              {dag.suspended ? "suspended" : dag.cancelling ? "is being cancelled" : <Span from={dag.startTime} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What failed lately, and why. */
export function Failures({ dags, total }: StoriesProps) {
  const [namespace] = useNamespace();
  return (
    <section className="card" aria-labelledby="failed-title">
      <div className="card-head">
        <h2 id="failed-title">Failed lately</h2>
        {total > dags.length && (
          <Link href={links.dags(namespace ? { namespace, phase: "Failed" } : { phase: "Failed" })}>All {total}</Link>
        )}
      </div>
      {dags.length === 0 && <p className="soft">Nothing has failed.</p>}
      <ul className="lines">
        {dags.map((dag) => (
          <li key={dag.uid} className="line">
            <DagName dag={dag} />
            <span className="line-end">
              <Phase phase={dag.phase} />
            </span>
            <span className="soft small line-whole">
              <Age value={dag.completionTime ?? dag.createTime} />
              {dag.message && ` · ${showTurns(dag.message)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Many DAGs have the same display name: their own name tells them apart. */
function DagName({ dag }: { dag: DagItem }) {
  const [namespace] = useNamespace();
  return (
    <span className="line-name">
      <Link href={links.dag(dag.namespace, dag.name)} className="cell-main" title={dag.displayName}>
        {showTurns(dag.displayName || dag.name)}
      </Link>
      <span className="cell-under">{namespace ? dag.name : `${dag.namespace} / ${dag.name}`}</span>
    </span>
  );
}
