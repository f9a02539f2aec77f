import { lazy, Suspense } from "react";
import { useJob } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";

const LogView = lazy(async () => ({ default: (await import("../../parts/LogView")).LogView }));

interface ServiceLogProps {
  /** `NAMESPACE/NAME`, as the address has it. */
  of: string;
  onClose: () => void;
}

/** The live log of a service that belongs to no DAG, and why the service is where it is. */
export function ServiceLog({ of, onClose }: ServiceLogProps) {
  const [namespace = "", name = ""] = of.split("/");
  const job = useJob(namespace, name);
  return (
    <Dialog isOpen isWide title={`Log of ${job.data?.job.jobID ?? name}`} onClose={onClose}>
      {job.data?.why && <p className="soft">{job.data.why}</p>}
      {job.error && <ErrorNote error={job.error} retry={() => void job.refetch()} />}
      {job.data ? (
        <Suspense fallback={<Skeleton />}>
          <LogView namespace={namespace} job={job.data.job.uid} name={job.data.job.jobID} />
        </Suspense>
      ) : (
        job.isPending && <Skeleton />
      )}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
