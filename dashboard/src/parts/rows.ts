import type { KeyboardEvent } from "react";

const PAGE = 10;

/** Which row a key leads to; undefined for keys that do not move. */
export function targetRow(key: string, here: number, count: number): number | undefined {
  const to = {
    ArrowDown: here + 1,
    ArrowUp: here - 1,
    PageDown: here + PAGE,
    PageUp: here - PAGE,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), count - 1);
}

/** Moves the focus through the rows; one that does not exist yet is brought into sight first. */
export function moveInRows(event: KeyboardEvent<HTMLElement>, count: number, reveal: (index: number) => void): void {
  const body = event.currentTarget;
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=row]") : null;
  if (!row || row !== event.target || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const to = targetRow(event.key, Number(row.dataset.index), count);
  if (to === undefined) {
    return;
  }
  event.preventDefault();
  const focus = () => {
    const found = body.querySelector<HTMLElement>(`[data-index="${to}"]`);
    found?.focus();
    return found !== null;
  };
  if (!focus()) {
    reveal(to);
    requestAnimationFrame(() => requestAnimationFrame(focus));
  }
}
