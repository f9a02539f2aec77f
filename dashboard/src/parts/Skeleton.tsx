const WIDTHS = ["38%", "61%", "47%", "70%", "54%", "42%", "66%", "50%"];

/** Lines in the place of rows that will come, as high as these, so that nothing jumps. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden">Loading…</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="skeleton-row" aria-hidden="true">
          <span style={{ width: WIDTHS[row % WIDTHS.length] }} />
        </div>
      ))}
    </div>
  );
}

/** In the place of a page. */
export function PageSkeleton() {
  return (
    <div className="page">
      <Skeleton rows={8} />
    </div>
  );
}
