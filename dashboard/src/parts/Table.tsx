import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { EmptyState } from "./EmptyState";
import { moveInRows } from "./rows";
import { Skeleton } from "./Skeleton";
import { useRows } from "./virtual";

export interface Column<T> {
  key: string;
  /** Also the label of the value on narrow screens, where each row becomes a card. */
  title: string;
  render: (item: T) => ReactNode;
  /** A track of CSS grid; `1fr` where absent. */
  width?: string;
  align?: "end";
}

declare module "react" {
  interface CSSProperties {
    /** Columns of the grid, which head and rows share. */
    "--tracks"?: string;
  }
}

export interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  rowKey: (item: T) => string;
  /** Where Enter or a click on the row leads; the first column should hold the link itself. */
  href?: (item: T) => string;
  /** Instead of `href`: something that opens here. */
  onOpen?: (item: T) => void;
  isCurrent?: (item: T) => boolean;
  total?: number | undefined;
  isPending?: boolean;
  hasMore?: boolean;
  loadMore?: () => void;
  /** Shown when there is nothing: an EmptyState. */
  empty?: ReactNode;
}

/** Begin to load the next page so many rows before the end. */
const AHEAD = 30;

/** A grid of rows: only those in sight exist, arrows walk through them, Enter opens, the next page loads in time. */
export function Table<T>(props: TableProps<T>) {
  const { label, columns, items, rowKey, href, onOpen, isCurrent, total, isPending, hasMore = false, loadMore } = props;
  const body = useRef<HTMLDivElement>(null);
  const rows = useRows(items.length, body);
  const [focused, setFocused] = useState(0);
  const first = rows.shown[0]?.index ?? 0;
  const stop = rows.shown.some(({ index }) => index === focused) ? focused : first;
  const last = rows.shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && loadMore && last >= items.length - AHEAD) {
      loadMore();
    }
  }, [hasMore, loadMore, last, items.length]);
  const [, go] = useLocation();
  const open = useCallback((item: T) => (href ? go(href(item)) : onOpen?.(item)), [go, href, onOpen]);
  if (isPending) {
    return <Skeleton />;
  }
  if (items.length === 0) {
    return props.empty ?? <EmptyState title="Nothing here" />;
  }
  const tracks = columns.map((column) => column.width ?? "minmax(0, 1fr)").join(" ");
  const opens = Boolean(href ?? onOpen);
  return (
    <div className="table-frame">
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={(total ?? items.length) + 1}
        aria-readonly="true"
        className={`table ${widthOf(columns.length)}`}
        style={{ "--tracks": tracks }}
        tabIndex={-1}
      >
        <div role="row" aria-rowindex={1} tabIndex={-1} className="table-head">
          {columns.map((column) => (
            <span
              key={column.key}
              role="columnheader"
              tabIndex={-1}
              className={column.align && `align-${column.align}`}
            >
              {column.title}
            </span>
          ))}
        </div>
        <div
          ref={body}
          role="rowgroup"
          className={rows.isVirtual ? "table-body table-virtual" : "table-body"}
          style={rows.isVirtual ? { height: rows.height } : undefined}
          onKeyDown={(event) => moveInRows(event, items.length, rows.reveal)}
        >
          {rows.shown.map(({ index, start }) => {
            const item = items[index];
            return item === undefined ? null : (
              <div
                key={rowKey(item)}
                ref={rows.measure}
                role="row"
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={isCurrent ? isCurrent(item) : undefined}
                tabIndex={opens ? (index === stop ? 0 : -1) : undefined}
                onFocus={() => setFocused(index)}
                className={opens ? "table-row table-opens" : "table-row"}
                style={start === undefined ? undefined : { transform: `translateY(${start}px)` }}
                onClick={(event) => opens && !isOwn(event.target) && open(item)}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && event.target === event.currentTarget && opens) {
                    open(item);
                  }
                }}
              >
                {columns.map((column) => (
                  <span
                    key={column.key}
                    role="gridcell"
                    tabIndex={-1}
                    data-title={column.title}
                    className={column.align ? `cell align-${column.align}` : "cell"}
                  >
                    {column.render(item)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** From how much room on the rows are lines and not cards. */
function widthOf(columns: number): string {
  return columns >= 6 ? "table-wide" : columns >= 4 ? "table-medium" : "";
}

/** Links and buttons within a row do their own thing; so does marking text. */
function isOwn(target: EventTarget): boolean {
  return (
    (target instanceof Element && target.closest("a, button, input, summary") !== null) ||
    Boolean(window.getSelection()?.toString())
  );
}
