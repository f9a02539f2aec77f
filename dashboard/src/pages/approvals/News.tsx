import { useRef } from "react";
import { useSession } from "../../api/queries";
import type { GateItem } from "../../api/types";
import { describeEnd } from "./words";

/**
 * Tells at once, also to those who listen, that the gate was decided while this page was open. The place is there from
 * the beginning: screen readers announce what changes in it, not what appears together with it.
 */
export function News({ gate }: { gate: GateItem }) {
  const session = useSession();
  const first = useRef(gate.phase);
  const user = session.data?.user;
  const isOver = gate.phase !== "Pending" && gate.phase !== "Scheduled";
  const wasOpen = first.current === "Pending" || first.current === "Scheduled";
  return (
    <div role="status" aria-live="polite">
      {isOver && wasOpen && <p className="note">{describeEnd(gate, user)}</p>}
    </div>
  );
}
