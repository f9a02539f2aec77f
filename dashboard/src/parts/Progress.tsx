import type { Counts } from "../api/types";
import { TONES } from "./phases";

interface ProgressProps {
  counts: Counts;
  /** "3/7", shown beside the bar. */
  text?: string;
}

/** A bar of the states of many jobs; its name says the counts in words. */
export function Progress({ counts, text }: ProgressProps) {
  const shown = TONES.filter((tone) => counts[tone]);
  const all = shown.reduce((sum, tone) => sum + (counts[tone] ?? 0), 0);
  const words = shown.map((tone) => `${counts[tone]} ${tone}`).join(", ") || "no jobs yet";
  return (
    <span className="progress">
      <span className="progress-bar" role="img" aria-label={`Jobs: ${words}`} title={words}>
        {shown.map((tone) => (
          <span key={tone} className={`tone-${tone}`} style={{ width: `${((counts[tone] ?? 0) / all) * 100}%` }} />
        ))}
      </span>
      {text !== undefined && <span className="progress-text">{text}</span>}
    </span>
  );
}
