import type { GatePhase } from "../api/types";
import { Icon } from "./Icon";
import { type AnyPhase, lookOf } from "./phases";

/** A phase as shape, colour and word. */
export function Phase({ phase }: { phase: AnyPhase }) {
  return <Look phase={phase} isGate={false} />;
}

/** Of an approval: "Pending" there means that a person is waited for. */
export function GatePhaseMark({ phase }: { phase: GatePhase }) {
  return <Look phase={phase} isGate />;
}

function Look({ phase, isGate }: { phase: AnyPhase; isGate: boolean }) {
  const look = lookOf(phase, isGate);
  return (
    <span className={`phase tone-${look.tone}`} data-phase={phase}>
      <Icon name={look.icon} />
      <span>{look.word}</span>
    </span>
  );
}
