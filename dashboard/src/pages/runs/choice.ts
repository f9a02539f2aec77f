import { showTurns } from "../../parts/turns";

/** Which logs stand side by side: names of TitanJobs in the address (`logs=a,b`), so that the view can be sent on. */
export const MOST_LOGS = 3;

export function parseChoice(text: string | null): string[] {
  return [...new Set((text ?? "").split(",").filter((name) => name !== ""))].slice(0, MOST_LOGS);
}

export function formatChoice(names: readonly string[]): string {
  return names.join(",");
}

/** Adds a log or takes it away. The newest choice always finds a place: the oldest makes room. */
export function toggleChoice(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((known) => known !== name) : [...names, name].slice(-MOST_LOGS);
}

/** "analyse · 3rd time"; the first time is not worth a word. */
export function describeStage(displayName: string, iteration: number): string {
  const shown = showTurns(displayName);
  return iteration <= 1 ? shown : `${shown} · ${ordinal(iteration)} time`;
}

const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

export function ordinal(number: number): string {
  return `${number}${SUFFIXES[ORDINALS.select(number)] ?? "th"}`;
}
