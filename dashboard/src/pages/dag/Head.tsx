/** What the DAG is and how it goes, and what can be done about it. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Condition, DagDetail } from "../../api/types";
import { links } from "../../app/links";
import { formatCount } from "../../parts/format";
import { PageHead } from "../../parts/PageHead";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import { Age, Span, Time } from "../../parts/Time";
import { DagActions } from "./DagActions";

export function Head({ dag }: { dag: DagDetail }) {
  const phase = (
    <span aria-live="polite">
      <Phase phase={dag.phase} />
      {dag.cancelling && <span className="mark">being cancelled</span>}
      {dag.suspended && <span className="mark">suspended</span>}
    </span>
  );
  return (
    <>
      <PageHead title={dag.displayName || dag.name} above={<Where namespace={dag.namespace} />} beside={phase}>
        <DagActions dag={dag} />
      </PageHead>
      {dag.message && <p className="dag-message">{dag.message}</p>}
      {dag.conditions.filter(isWarning).map((condition) => (
        <p key={condition.type} className="note note-warning">
          {condition.message || condition.reason}
        </p>
      ))}
      <dl className="facts">
        <Fact title="Jobs">
          <Progress counts={dag.counts} text={dag.progress} />
        </Fact>
        {dag.displayName !== dag.name && <Fact title="Name">{dag.name}</Fact>}
        <Fact title="Submitted">
          <Time value={dag.createTime} /> (<Age value={dag.createTime} />)
        </Fact>
        {dag.startTime && (
          <Fact title={dag.completionTime ? "Took" : "Running for"}>
            <Span from={dag.startTime} to={dag.completionTime} />
          </Fact>
        )}
        {dag.completionTime && (
          <Fact title="Ended">
            <Time value={dag.completionTime} />
          </Fact>
        )}
        {dag.requestedBy && <Fact title="Requested by">{dag.requestedBy}</Fact>}
        {dag.agentRunID && (
          <Fact title="Agent run">
            <Link href={links.run(dag.namespace, dag.agentRunID)}>{dag.agentRunID}</Link>
          </Fact>
        )}
        {dag.run > 1 && <Fact title="Run">{dag.run}</Fact>}
        {dag.maxParallel !== undefined && <Fact title="At once">{formatCount(dag.maxParallel, "job")}</Fact>}
        {dag.waitingApprovals > 0 && (
          <Fact title="Waits for">
            <Link href={links.approvals(dag.namespace)}>{formatCount(dag.waitingApprovals, "approval")}</Link>
          </Fact>
        )}
      </dl>
    </>
  );
}

/** The way back to the list. */
export function Where({ namespace }: { namespace: string }) {
  return (
    <>
      <Link href={links.dags({ namespace })}>DAGs</Link> / {namespace}
    </>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Conditions that tell of something wrong with the whole DAG; its phase tells the rest. */
function isWarning(condition: Condition): boolean {
  return condition.status === "True" && ["Invalid", "ApprovalsUnprotected"].includes(condition.type);
}
