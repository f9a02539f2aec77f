import { Link } from "wouter";
import { useApprovals } from "../../api/queries";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { GatePhaseMark } from "../../parts/Phase";
import { Skeleton } from "../../parts/Skeleton";
import { Time } from "../../parts/Time";
import { MoreButton } from "../files/MoreButton";
import { Decisions } from "./Decisions";

/** What was decided: by whom, when, and what they said. Newest first. */
export function History({ namespace }: { namespace: string | undefined }) {
  const decided = useApprovals({ namespace, phase: "Decided" });
  const trouble = decided.error && <ErrorNote error={decided.error} retry={decided.refetch} />;
  if (trouble && decided.items.length === 0) return trouble;
  if (decided.isPending) return <Skeleton rows={4} />;
  if (decided.items.length === 0) {
    return <EmptyState title="Nothing has been decided yet">Decisions stay here as long as their jobs do.</EmptyState>;
  }
  return (
    <>
      {trouble}
      <ul className="gate-list">
        {decided.items.map((gate) => (
          <li key={`${gate.namespace}/${gate.name}`} className="gate-card">
            <Decided gate={gate} />
          </li>
        ))}
      </ul>
      <MoreButton listing={decided} what="approvals" />
    </>
  );
}

function Decided({ gate }: { gate: GateItem }) {
  return (
    <>
      <div className="gate-line">
        <h2>
          <Link href={links.approval(gate.namespace, gate.name)}>{gate.jobID}</Link>
        </h2>
        <GatePhaseMark phase={gate.phase} />
      </div>
      <p className="gate-facts">
        <span>
          {gate.dag && <>of {gate.dag} · </>}
          {gate.namespace}
        </span>
        {gate.decidedTime && <Time value={gate.decidedTime} />}
      </p>
      <Decisions decisions={gate.decisions} />
    </>
  );
}
