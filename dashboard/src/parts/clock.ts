import { useSyncExternalStore } from "react";

/** One clock for all ages and spans on the page; it stands still while nobody shows a time. */
const SECOND = 1_000;
const hearers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(heard: () => void): () => void {
  hearers.add(heard);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, SECOND);
  }
  return () => {
    hearers.delete(heard);
    if (hearers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function tick(): void {
  if (!document.hidden) {
    now = Date.now();
    for (const heard of hearers) {
      heard();
    }
  }
}

/** Milliseconds since 1970, a second old at most. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read, read);
}

function read(): number {
  if (timer === undefined) {
    now = Date.now();
  }
  return now;
}
