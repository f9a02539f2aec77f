import { Link } from "wouter";
import { useApproval } from "../../api/queries";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import type { ObjectProps } from "../../app/props";
import { ErrorNote } from "../../parts/ErrorNote";
import { Markdown } from "../../parts/Markdown";
import { PageHead } from "../../parts/PageHead";
import { GatePhaseMark } from "../../parts/Phase";
import { Skeleton } from "../../parts/Skeleton";
import { DecisionForm } from "./DecisionForm";
import { Decisions } from "./Decisions";
import { GateFacts } from "./GateFacts";
import { Material } from "./Material";
import { News } from "./News";
import { describeGate } from "./words";
import "./approvals.css";

/** One gate: what is asked, what is known about it, and the two buttons. */
export default function Approval({ namespace, name }: ObjectProps) {
  const { data: gate, error, refetch } = useApproval(namespace, name);
  if (!gate) {
    return (
      <div className="page">
        <PageHead title="Approval" above={<Link href={links.approvals(namespace)}>Approvals</Link>} />
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <Skeleton rows={5} />}
      </div>
    );
  }
  return (
    <div className="page">
      <PageHead
        title={gate.jobID}
        above={<Link href={links.approvals(namespace)}>Approvals</Link>}
        beside={<GatePhaseMark phase={gate.phase} />}
      />
      <News gate={gate} />
      {gate.unprotected && (
        <div className="note" role="note">
          <p>
            <strong>This cluster does not prove who decides:</strong> {gate.unprotected}.
          </p>
        </div>
      )}
      <div className="approval">
        <div className="approval-question">
          <Question gate={gate} />
          <section className="card" aria-label="About this question">
            <GateFacts gate={gate} />
          </section>
          {gate.phase === "Pending" || gate.phase === "Scheduled" ? <DecisionForm gate={gate} /> : null}
          {gate.decisions.length > 0 && (
            <section className="card">
              <h2>Who said what</h2>
              <Decisions decisions={gate.decisions} />
            </section>
          )}
        </div>
        <Material gate={gate} />
      </div>
    </div>
  );
}

function Question({ gate }: { gate: GateItem }) {
  return (
    <section className="card">
      <h2>What is asked</h2>
      <p className="soft">{describeGate(gate)}.</p>
      {gate.message ? <Markdown text={gate.message} /> : <p className="soft">No message was left with the question.</p>}
    </section>
  );
}
