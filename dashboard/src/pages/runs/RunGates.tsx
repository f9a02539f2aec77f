import { Link } from "wouter";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import { Countdown } from "../approvals/Countdown";

/** What within the run waits for a person; nothing while nothing does. */
export function RunGates({ gates }: { gates: readonly GateItem[] }) {
  if (gates.length === 0) return null;
  return (
    <section className="note run-gates" aria-label="Waiting for a decision">
      <ul>
        {gates.map((gate) => (
          <li key={gate.name}>
            <Link href={links.approval(gate.namespace, gate.name)}>{gate.jobID}</Link> of {gate.dag} waits for{" "}
            {gate.mayDecide ? "your decision" : "a decision"}
            {gate.deadline && (
              <>
                {" "}
                · <Countdown deadline={gate.deadline} />
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
