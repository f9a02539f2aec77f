import { Link } from "wouter";
import type { GateItem } from "../../api/types";
import { links } from "../../app/links";
import { useNamespace } from "../../app/namespace";
import { Icon } from "../../parts/Icon";
import { Age } from "../../parts/Time";
import { beginningOf } from "../approvals/words";

/** What waits for a person, the viewer's own first. */
export function WaitingGates({ gates }: { gates: readonly GateItem[] }) {
  const [namespace] = useNamespace();
  const mine = gates.filter((gate) => gate.mayDecide);
  const others = gates.filter((gate) => !gate.mayDecide);
  return (
    <section className="card waiting" aria-labelledby="waiting-title">
      <div className="card-head">
        <h2 id="waiting-title">{mine.length > 0 ? "Waiting for you" : "Waiting for an approval"}</h2>
        <Link href={links.approvals(namespace)}>All approvals</Link>
      </div>
      <Gates gates={mine} />
      {mine.length > 0 && others.length > 0 && <h3 className="soft">Waiting for somebody else</h3>}
      <Gates gates={others} />
    </section>
  );
}

function Gates({ gates }: { gates: readonly GateItem[] }) {
  return (
    <ul className="lines">
      {gates.map((gate) => (
        <li key={`${gate.namespace}/${gate.name}`} className="line">
          <span className="line-name">
            <Link href={links.approval(gate.namespace, gate.name)} className="tone-gate gate-link">
              <Icon name="gate" />
              <span>{gate.jobID}</span>
            </Link>
            <span className="soft small"> {gate.dag ?? gate.namespace}</span>
          </span>
          <span className="soft small line-end">
            <Age value={gate.openTime} />
          </span>
          <span className="line-whole line-clamp">{beginningOf(gate.message)}</span>
          {gate.requestedBy && <span className="soft small line-whole">asked by {gate.requestedBy}</span>}
        </li>
      ))}
    </ul>
  );
}
