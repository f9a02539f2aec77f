import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** Shorter tables are simply there: they can be searched by the browser and printed. */
const FEW = 80;
const ROW_HEIGHT = 41;

export interface ShownRow {
  index: number;
  /** Where it lies in the body; absent where rows follow each other by themselves. */
  start: number | undefined;
}
export interface Rows {
  isVirtual: boolean;
  shown: ShownRow[];
  height: number;
  measure: ((row: HTMLElement | null) => void) | undefined;
  reveal: (index: number) => void;
}

/** Which rows exist; the page itself scrolls, so the table has no bar of its own. */
export function useRows(count: number, body: RefObject<HTMLElement | null>): Rows {
  const isVirtual = count > FEW;
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (isVirtual && body.current) {
      setOffset(body.current.getBoundingClientRect().top + window.scrollY);
    }
  }, [isVirtual, body]);
  const virtualizer = useWindowVirtualizer({
    count: isVirtual ? count : 0,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: offset,
  });
  const reveal = useCallback((index: number) => virtualizer.scrollToIndex(index, { align: "auto" }), [virtualizer]);
  if (!isVirtual) {
    const shown = Array.from({ length: count }, (_, index) => ({ index, start: undefined }));
    return { isVirtual, shown, height: 0, measure: undefined, reveal };
  }
  return {
    isVirtual,
    shown: virtualizer.getVirtualItems().map((row) => ({ index: row.index, start: row.start - offset })),
    height: virtualizer.getTotalSize(),
    measure: virtualizer.measureElement,
    reveal,
  };
}
