/** Graphs flow to the right; on narrow screens downwards. */

import { useSyncExternalStore } from "react";
import type { Direction } from "./layout";

const NARROW = "(max-width: 700px)";

export function useDirection(): Direction {
  const isNarrow = useSyncExternalStore(subscribe, read, () => false);
  return isNarrow ? "TB" : "LR";
}

function subscribe(heard: () => void): () => void {
  const query = window.matchMedia?.(NARROW);
  query?.addEventListener("change", heard);
  return () => query?.removeEventListener("change", heard);
}

function read(): boolean {
  return window.matchMedia?.(NARROW).matches ?? false;
}
