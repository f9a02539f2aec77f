import type { Decision } from "../../api/types";
import { Time } from "../../parts/Time";
import { describeDecision } from "./words";

/** Who said what, and when, in the order in which it was said. */
export function Decisions({ decisions }: { decisions: readonly Decision[] }) {
  if (decisions.length === 0) return null;
  return (
    <ul className="decisions">
      {decisions.map((given) => (
        <li key={`${given.user} ${given.verdict} ${given.time}`}>
          <strong>{given.user}</strong> {describeDecision(given)}
          {given.time && (
            <>
              {" "}
              · <Time value={given.time} />
            </>
          )}
          {given.comment && <q className="decision-comment">{given.comment}</q>}
        </li>
      ))}
    </ul>
  );
}
