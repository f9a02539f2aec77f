import { useRights } from "../../api/queries";
import type { JobItem, ServiceItem } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { Copy } from "../../parts/Copy";
import { formatCount } from "../../parts/format";
import { Phase } from "../../parts/Phase";
import type { Column } from "../../parts/Table";
import { Span } from "../../parts/Time";
import { Name } from "./Name";

type Stop = (service: JobItem) => void;

export function columnsOf(hasNamespaces: boolean, onStop: Stop): readonly Column<ServiceItem>[] {
  const stop: Column<ServiceItem> = {
    key: "stop",
    title: "Stop",
    width: "minmax(100px, 1fr)",
    render: ({ job }) => <StopButton job={job} onStop={onStop} />,
  };
  return hasNamespaces ? [NAME, NAMESPACE, ...REST, stop] : [NAME, ...REST, stop];
}

const NAME: Column<ServiceItem> = {
  key: "name",
  title: "Name",
  width: "minmax(150px, 2fr)",
  render: ({ job }) => <Name job={job} />,
};
const NAMESPACE: Column<ServiceItem> = { key: "namespace", title: "Namespace", render: ({ job }) => job.namespace };
const REST: readonly Column<ServiceItem>[] = [
  {
    key: "state",
    title: "Phase",
    width: "minmax(120px, 1.3fr)",
    render: ({ job, ready }) => (
      <span className="marks">
        <Phase phase={job.phase} />
        {stateOf(job, ready) && <span className="small soft">{stateOf(job, ready)}</span>}
      </span>
    ),
  },
  {
    key: "restarts",
    title: "Restarts",
    width: "minmax(80px, 0.8fr)",
    render: ({ restarts }) => (restarts === 0 ? "none" : formatCount(restarts, "restart")),
  },
  {
    key: "address",
    title: "Address in the cluster",
    width: "minmax(180px, 2.4fr)",
    render: ({ job }) =>
      job.address ? (
        <span className="address">
          <code>{job.address}</code>
          <Copy text={job.address} what="the address" />
        </span>
      ) : (
        <span className="soft">none yet</span>
      ),
  },
  {
    key: "since",
    title: "Runs for",
    width: "minmax(84px, 0.8fr)",
    render: ({ job }) => job.startTime && <Span from={job.startTime} to={job.completionTime} />,
  },
];

function stateOf(job: JobItem, isReady: boolean): string {
  if (job.cancelling) {
    return "is being stopped";
  }
  if (job.phase !== "Serving" && job.phase !== "Running") {
    return "";
  }
  return isReady ? "ready" : "not ready";
}

function StopButton({ job, onStop }: { job: JobItem; onStop: Stop }) {
  const rights = useRights(job.namespace);
  const whyNot = job.completionTime ? "It has ended." : job.cancelling ? "It is being stopped already." : undefined;
  return (
    <ActionButton
      right={rights.data?.["jobs.cancel"]}
      needsRight
      name={job.name}
      whyNot={whyNot}
      onClick={() => onStop(job)}
    >
      Stop
    </ActionButton>
  );
}
