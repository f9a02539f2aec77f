import { Link } from "wouter";
import { useOverview } from "../../api/queries";
import type { Overview as Everything } from "../../api/types";
import { links } from "../../app/links";
import { useSeesNothing } from "../../app/NothingVisible";
import { useNamespace } from "../../app/namespace";
import { Command } from "../../parts/Copy";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { PageHead } from "../../parts/PageHead";
import { Skeleton } from "../../parts/Skeleton";
import "../../styles/overview.css";
import { Capacities } from "./Capacities";
import { Numbers } from "./Numbers";
import { Queue } from "./Queue";
import { Failures, RunningDags } from "./Stories";
import { WaitingGates } from "./WaitingGates";

/** What a person wants to know first: what runs, what waits for me, what failed lately, and is there room. */
export default function Overview() {
  const [namespace] = useNamespace();
  const overview = useOverview(namespace);
  return (
    <div className="page">
      <PageHead title="Overview" />
      {overview.error && <ErrorNote error={overview.error} retry={() => void overview.refetch()} />}
      {overview.data ? <Shown overview={overview.data} /> : overview.isPending && <Skeleton rows={8} />}
    </div>
  );
}

function Shown({ overview }: { overview: Everything }) {
  const [namespace] = useNamespace();
  if (isUnused(overview)) {
    return <Unused namespace={namespace} />;
  }
  return (
    <>
      <Numbers counts={overview.counts} />
      <div className="overview">
        <div className="overview-column">
          {overview.gates.length > 0 && <WaitingGates gates={overview.gates} />}
          <RunningDags dags={overview.running} total={overview.counts.running} />
          <Queue jobs={overview.queue} length={overview.queueLength} />
        </div>
        <div className="overview-column">
          <Failures dags={overview.failed} total={overview.counts.failed} />
          <Capacities capacity={overview.capacity} />
          {overview.gates.length === 0 && (
            <p className="soft small">
              Nothing waits for an approval. <Link href={links.approvals(namespace)}>Earlier decisions</Link>
            </p>
          )}
        </div>
      </div>
    </>
  );
}

/** Whoever may read nothing is told only that, above the page: nobody knows whether something was submitted. */
function Unused({ namespace }: { namespace: string | undefined }) {
  const seesNothing = useSeesNothing();
  if (seesNothing !== false) {
    return seesNothing === undefined ? <Skeleton rows={8} /> : null;
  }
  return (
    <div className="card">
      <EmptyState
        title={namespace ? `Nothing has been submitted in ${namespace} yet` : "Nothing has been submitted yet"}
      >
        <p>A first job, from a terminal:</p>
        <Command text={namespace ? `titan run --namespace ${namespace} hello.py` : "titan run hello.py"} />
        <p>It appears here at once. A whole pipeline from a file:</p>
        <Command text="titan deploy pipeline.yaml" />
      </EmptyState>
    </div>
  );
}

function isUnused({ counts, queueLength, capacity }: Everything): boolean {
  const dags = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const jobs = capacity.reduce((sum, { running, waiting }) => sum + running + waiting, 0);
  return dags + queueLength + jobs === 0;
}
