import { Icon } from "./Icon";
import { type AnyPhase, lookOf } from "./phases";

interface PhasesProps {
  phases: readonly AnyPhase[];
  /** The chosen ones, separated by commas, as they stand in the address; empty: all. */
  chosen: string;
  onChoose: (chosen: string) => void;
}

/** Buttons that narrow a list to some phases. */
export function Phases({ phases, chosen, onChoose }: PhasesProps) {
  const now = new Set(chosen.split(",").filter(Boolean));
  const toggle = (phase: AnyPhase) => {
    const next = phases.filter((each) => (each === phase ? !now.has(each) : now.has(each)));
    onChoose(next.join(","));
  };
  return (
    <fieldset className="chips chip-group">
      <legend className="hidden">Only these phases</legend>
      {phases.map((phase) => {
        const look = lookOf(phase);
        return (
          <button
            key={phase}
            type="button"
            className={`chip tone-${look.tone}`}
            aria-pressed={now.has(phase)}
            onClick={() => toggle(phase)}
          >
            <Icon name={look.icon} />
            {look.word}
          </button>
        );
      })}
    </fieldset>
  );
}
