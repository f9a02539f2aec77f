import { Link } from "wouter";
import type { Listing } from "../../api/listings";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";
import { Age } from "../../parts/Time";
import { MoreButton } from "../files/MoreButton";
import { Countdown } from "./Countdown";
import { beginningOf, countApprovals, sortWaiting } from "./words";

/** What waits for a decision: mine first. */
export function Waiting({ waiting }: { waiting: Listing<GateItem> }) {
  const trouble = waiting.error && <ErrorNote error={waiting.error} retry={waiting.refetch} />;
  if (trouble && waiting.items.length === 0) return trouble;
  if (waiting.isPending) return <Skeleton rows={4} />;
  const gates = sortWaiting(waiting.items);
  const mine = gates.filter((gate) => gate.mayDecide);
  const others = gates.filter((gate) => !gate.mayDecide);
  if (gates.length === 0) {
    return (
      <EmptyState title="Nothing waits for a decision">
        When a job asks for approval, it shows up here by itself. What has been decided is under “History”.
      </EmptyState>
    );
  }
  return (
    <>
      {trouble}
      <Group title="Waiting for you" gates={mine} empty="Nothing that you may decide is waiting." />
      {others.length > 0 && <Group title="Waiting for somebody else" gates={others} />}
      <MoreButton listing={waiting} what="approvals" />
    </>
  );
}

function Group({ title, gates, empty }: { title: string; gates: readonly GateItem[]; empty?: string }) {
  return (
    <section className="gate-group">
      <h2>{title}</h2>
      {gates.length === 0 && <p className="soft">{empty}</p>}
      <ul className="gate-list">
        {gates.map((gate) => (
          <li key={`${gate.namespace}/${gate.name}`} className="gate-card">
            <GateCard gate={gate} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function GateCard({ gate }: { gate: GateItem }) {
  return (
    <>
      <h3>
        <Link href={links.approval(gate.namespace, gate.name)}>{gate.jobID}</Link>
      </h3>
      <p className="gate-message">{beginningOf(gate.message)}</p>
      <p className="gate-facts">
        <span>
          {gate.dag && <>of {gate.dag} · </>}
          {gate.namespace}
        </span>
        {gate.requestedBy && <span>asked by {gate.requestedBy}</span>}
        {gate.openTime && (
          <span>
            open since <Age value={gate.openTime} />
          </span>
        )}
        {gate.requiredApprovals > 1 && <span>{countApprovals(gate)} approvals given</span>}
        {gate.deadline && <Countdown deadline={gate.deadline} />}
      </p>
      {!gate.mayDecide && gate.whyNot && <p className="gate-why">{gate.whyNot}</p>}
    </>
  );
}
