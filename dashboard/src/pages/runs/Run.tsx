import { Link } from "wouter";
import { useApprovals, useRun } from "../../api/queries";
import { links } from "../../app/links";
import { useQueryParams } from "../../app/location";
import type { RunProps } from "../../app/props";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatCount } from "../../parts/format";
import { PageHead } from "../../parts/PageHead";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import { Skeleton } from "../../parts/Skeleton";
import { Span, Time } from "../../parts/Time";
import { Artifacts } from "./Artifacts";
import { formatChoice, parseChoice, toggleChoice } from "./choice";
import { RunGates } from "./RunGates";
import { SideLogs } from "./SideLogs";
import { StageCard } from "./StageCard";
import "./runs.css";

/** One agent run: its stages in the order in which they were submitted, and up to three logs side by side. */
export default function Run({ namespace, id }: RunProps) {
  const { data, error, refetch } = useRun(namespace, id);
  const waits = (data?.run.waitingApprovals ?? 0) > 0;
  const waiting = useApprovals({ namespace, phase: "Pending" });
  const [params, change] = useQueryParams();
  const chosen = parseChoice(params.get("logs"));
  const above = <Link href={links.runs(namespace)}>Agent runs</Link>;
  if (!data) {
    return (
      <div className="page">
        <PageHead title={id} above={above} />
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Skeleton rows={6} />}
      </div>
    );
  }
  const { run, stages, artifacts } = data;
  const dags = new Set(stages.map((stage) => stage.dag.name));
  const gates = waits ? waiting.items.filter((gate) => gate.dag !== undefined && dags.has(gate.dag)) : [];
  const toggle = (name: string) => change({ logs: formatChoice(toggleChoice(chosen, name)) }, { replace: true });
  return (
    <div className="page">
      <PageHead title={run.runID} above={above} beside={<Phase phase={run.phase} />} />
      <p className="run-facts">
        <span>{run.namespace}</span>
        <span>{formatCount(run.stages, "stage")}</span>
        <span>
          began <Time value={run.createTime} />
        </span>
        <span>
          {run.completionTime ? "took " : "running for "}
          <Span from={run.createTime} to={run.completionTime} />
        </span>
        <span className="run-progress">
          <Progress counts={run.counts} />
        </span>
      </p>
      <RunGates gates={gates} />
      <SideLogs namespace={namespace} names={chosen} onClose={toggle} />
      <h2>Stages</h2>
      <ol className="stages">
        {stages.map((stage) => (
          <li key={stage.dag.uid}>
            <StageCard stage={stage} chosen={chosen} onLog={toggle} />
          </li>
        ))}
      </ol>
      <Artifacts namespace={namespace} artifacts={artifacts} />
    </div>
  );
}
