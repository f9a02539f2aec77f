/** The lines that are in sight. Stays at the end while the log grows, unless the reader went up. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { formatBytes } from "../format";
import { Line } from "./Line";
import type { LogSnapshot } from "./session";
import { lineAt } from "./window";

const LINE_PIXELS = 18;
const NEAR_PIXELS = 2 * LINE_PIXELS;
/** What scrolls must be reachable by keyboard, though there is nothing in it to press. */
const REACHABLE = { tabIndex: 0 };

interface Props {
  log: LogSnapshot;
  name: string;
  isWrapped: boolean;
  query: string;
  /** The line to show, among those found. */
  chosen: number | undefined;
  /** Grows with each step from one found line to another; 0: show none. */
  visits: number;
  onEarlier: () => void;
  onLater: () => void;
  onEnd: () => void;
  onLongLine: (line: string) => void;
}

export function Lines(props: Props) {
  const { log, isWrapped, chosen, visits } = props;
  const { window } = log;
  const scroller = useRef<HTMLElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const lastTop = useRef(0);
  const virtualizer = useVirtualizer({
    count: window.lineCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PIXELS,
    getItemKey: useCallback((index: number) => index + window.origin, [window.origin]),
    overscan: 12,
    initialRect: { width: 800, height: 400 },
  });

  useStableTop(scroller, window.origin);
  const height = virtualizer.getTotalSize();
  useLayoutEffect(() => {
    if (isAtEnd && !log.isDetached && scroller.current) scroller.current.scrollTop = height;
  }, [isAtEnd, log.isDetached, height]);
  useEffect(() => {
    if (visits === 0 || chosen === undefined) return;
    setAtEnd(false);
    virtualizer.scrollToIndex(chosen, { align: "center" });
  }, [visits, chosen, virtualizer]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (rest <= NEAR_PIXELS) setAtEnd(true);
    else if (element.scrollTop < lastTop.current) setAtEnd(false);
    lastTop.current = element.scrollTop;
  };
  const goToEnd = () => {
    setAtEnd(true);
    props.onEnd();
  };

  return (
    <div className="log-frame">
      {window.start > 0 && (
        <p className="log-more">
          The first {formatBytes(window.start)} are not shown.{" "}
          <button type="button" className="button" onClick={props.onEarlier} disabled={log.isLoading}>
            {log.isLoading ? "Loading…" : "Load earlier"}
          </button>
        </p>
      )}
      <section
        ref={scroller}
        className={isWrapped ? "log-lines log-lines-wrapped" : "log-lines"}
        {...REACHABLE}
        aria-label={`Lines of the log of ${props.name}`}
        onScroll={onScroll}
      >
        <div className="log-all" style={{ height }}>
          {virtualizer.getVirtualItems().map((item) => (
            <div
              key={item.key}
              data-index={item.index}
              ref={isWrapped ? virtualizer.measureElement : undefined}
              className={item.index === chosen && visits > 0 ? "log-line log-line-chosen" : "log-line"}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Line line={lineAt(window, item.index)} query={props.query} onWhole={props.onLongLine} />
            </div>
          ))}
        </div>
      </section>
      {(!isAtEnd || log.isDetached) && (
        <p className="log-jump">
          {log.isDetached && (
            <button type="button" className="button" onClick={props.onLater} disabled={log.isLoading}>
              Load later
            </button>
          )}
          <button type="button" className="button" onClick={goToEnd}>
            Jump to the end
          </button>
        </p>
      )}
    </div>
  );
}

/** Keep the line that is read where it is when lines come or go in front of it. */
function useStableTop(scroller: { readonly current: HTMLElement | null }, origin: number): void {
  const before = useRef(origin);
  useLayoutEffect(() => {
    const moved = before.current - origin;
    before.current = origin;
    if (moved !== 0 && scroller.current) scroller.current.scrollTop += moved * LINE_PIXELS;
  }, [scroller, origin]);
}
