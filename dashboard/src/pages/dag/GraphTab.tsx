import { useGraph } from "../../api/queries";
import { GraphView } from "../../graph/GraphView";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";
import type { DagAddress, Navigation } from "./address";

interface Props {
  namespace: string;
  dag: string;
  address: DagAddress;
  navigation: Navigation;
}

export function GraphTab({ namespace, dag, address, navigation }: Props) {
  const graph = useGraph(namespace, dag, address.open);
  if (!graph.data) {
    return graph.error ? <ErrorNote error={graph.error} retry={() => void graph.refetch()} /> : <Skeleton />;
  }
  if (graph.data.nodes.length === 0) {
    return <EmptyState title="There are no jobs yet">They appear here as soon as they are submitted.</EmptyState>;
  }
  return (
    <>
      <p className="hidden">
        Arrow keys walk from job to job, Enter opens one. The tab Jobs lists the same jobs in a table.
      </p>
      <GraphView
        graph={graph.data}
        selected={address.job}
        onOpenJob={navigation.openJob}
        onToggle={navigation.toggle}
        onList={navigation.list}
      />
    </>
  );
}
