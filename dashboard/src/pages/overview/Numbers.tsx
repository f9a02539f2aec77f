import { Link } from "wouter";
import type { DagPhase, Overview } from "../../api/types";
import { links } from "../../app/links";
import { useNamespace } from "../../app/namespace";
import { Icon } from "../../parts/Icon";
import { lookOf } from "../../parts/phases";

const SHOWN: readonly [DagPhase, keyof Overview["counts"]][] = [
  ["Running", "running"],
  ["Pending", "pending"],
  ["Failed", "failed"],
  ["Succeeded", "succeeded"],
  ["Cancelled", "cancelled"],
];

/** How many DAGs are in each phase; each number leads to these. */
export function Numbers({ counts }: { counts: Overview["counts"] }) {
  const [namespace] = useNamespace();
  return (
    <ul className="numbers" aria-label="DAGs by phase">
      {SHOWN.map(([phase, key]) => {
        const look = lookOf(phase);
        return (
          <li key={key}>
            <Link
              href={links.dags(namespace ? { namespace, phase } : { phase })}
              className={`number ${counts[key] ? `tone-${look.tone}` : "number-none"}`}
            >
              <Icon name={look.icon} />
              <strong>{counts[key]}</strong>
              <span>{look.word.toLowerCase()}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
