import { useJob } from "../../api/queries";
import { ErrorNote } from "../../parts/ErrorNote";
import { LogView } from "../../parts/LogView";
import { Phase } from "../../parts/Phase";
import { Skeleton } from "../../parts/Skeleton";
import { MOST_LOGS } from "./choice";

interface SideLogsProps {
  namespace: string;
  names: readonly string[];
  onClose: (name: string) => void;
}

/** The chosen logs side by side; below each other where the page is narrow. */
export function SideLogs({ namespace, names, onClose }: SideLogsProps) {
  if (names.length === 0) {
    return <p className="soft">Choose up to {MOST_LOGS} logs below to read them side by side.</p>;
  }
  return (
    <section className="side-logs" aria-label="Logs side by side">
      {names.map((name) => (
        <SideLog key={name} namespace={namespace} name={name} onClose={() => onClose(name)} />
      ))}
    </section>
  );
}

function SideLog({ namespace, name, onClose }: { namespace: string; name: string; onClose: () => void }) {
  const { data, error, refetch } = useJob(namespace, name);
  return (
    <article className="card side-log" aria-label={`Log of ${data?.job.jobID ?? name}`}>
      <header>
        <h2>{data?.job.jobID ?? name}</h2>
        {data && <Phase phase={data.job.phase} />}
        <button type="button" className="button-plain" aria-label={`Close the log of ${name}`} onClick={onClose}>
          ×
        </button>
      </header>
      {data ? (
        <LogView key={data.job.uid} namespace={namespace} job={data.job.uid} name={data.job.jobID} />
      ) : error ? (
        <ErrorNote error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </article>
  );
}
