import { Link } from "wouter";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import { Time } from "../../parts/Time";
import { Countdown } from "./Countdown";
import { countApprovals, describeApprovers } from "./words";

/** What somebody needs to know who decides: who asks, until when, who else is asked. */
export function GateFacts({ gate }: { gate: GateItem }) {
  return (
    <dl className="gate-known">
      <dt>Asked by</dt>
      <dd>{gate.requestedBy ?? "unknown"}</dd>
      <dt>About</dt>
      <dd>
        the job {gate.jobID}
        {gate.dag && (
          <>
            {" "}
            of <Link href={links.dag(gate.namespace, gate.dag, { job: gate.job })}>{gate.dag}</Link>
          </>
        )}{" "}
        in {gate.namespace}
        {gate.round > 1 && <> · asked again, round {gate.round}</>}
      </dd>
      {gate.openTime && (
        <>
          <dt>Open since</dt>
          <dd>
            <Time value={gate.openTime} />
          </dd>
        </>
      )}
      {gate.phase === "Pending" && gate.deadline && (
        <>
          <dt>Time to decide</dt>
          <dd>
            <Countdown deadline={gate.deadline} /> <span className="soft">(then it counts as rejected)</span>
          </dd>
        </>
      )}
      {gate.decidedTime && (
        <>
          <dt>Decided</dt>
          <dd>
            <Time value={gate.decidedTime} />
          </dd>
        </>
      )}
      <dt>Approvals given</dt>
      <dd>{countApprovals(gate)}</dd>
      <dt>Who may decide</dt>
      <dd>{describeApprovers(gate)}</dd>
    </dl>
  );
}
