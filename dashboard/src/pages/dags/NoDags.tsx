import { Command } from "../../parts/Copy";
import { EmptyState } from "../../parts/EmptyState";

/** Either the filter is too narrow, or nobody has submitted anything. */
export function NoDags({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState title="No DAG matches">
        <button type="button" className="button" onClick={onAll}>
          Show all DAGs
        </button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="There are no DAGs yet">
      <p>Submit one from a terminal, and it appears here at once:</p>
      <Command text="titan deploy pipeline.yaml" />
    </EmptyState>
  );
}
