/** In two lines: the state, why, and what can be done. */

import { useState } from "react";
import { Link } from "wouter";
import { inNamespace } from "../../../api/client";
import { useAction, useRights } from "../../../api/queries";
import type { JobDetail, JobItem } from "../../../api/types";
import { links } from "../../../app/links";
import { ActionButton } from "../../../parts/ActionButton";
import { ConfirmDialog } from "../../../parts/ConfirmDialog";
import { useNotify } from "../../../parts/Notices";
import { GatePhaseMark, Phase } from "../../../parts/Phase";
import { Age, Span } from "../../../parts/Time";
import { whyNotCancelJob } from "../allowed";

export function JobHead({ detail }: { detail: JobDetail }) {
  const { job, gate, why } = detail;
  return (
    <div className="job-head">
      <p className="job-state">
        <span aria-live="polite">
          <Phase phase={job.phase} />
          {job.cancelling && <span className="mark">being cancelled</span>}
          {job.suspended && <span className="mark">suspended</span>}
        </span>
        {job.startTime && (
          <span>
            {job.completionTime ? "took " : "for "}
            <Span from={job.startTime} to={job.completionTime} />
          </span>
        )}
        {job.attempt > 1 && <span>attempt {job.attempt}</span>}
        {job.node && <span>on {job.node}</span>}
        {job.exitCode !== undefined && <span>exit code {job.exitCode}</span>}
      </p>
      {why && <p className="job-why">{why}</p>}
      {gate && (
        <p className="job-gate">
          <GatePhaseMark phase={gate.phase} />{" "}
          <Link href={links.approval(gate.namespace, gate.name)}>Open the approval</Link>
          {gate.phase === "Pending" && gate.deadline && (
            <>
              {" "}
              (ends <Age value={gate.deadline} />)
            </>
          )}
        </p>
      )}
      <StopJob job={job} />
    </div>
  );
}

function StopJob({ job }: { job: JobItem }) {
  const right = useRights(job.namespace).data?.["jobs.cancel"];
  const cancel = useAction<JobItem>(inNamespace(job.namespace, "jobs", job.name, "cancel"));
  const notify = useNotify();
  const [isAsking, setAsking] = useState(false);
  const isService = job.type === "Service";
  const verb = isService ? "Stop the service" : "Cancel the job";
  return (
    <>
      <ActionButton
        right={right}
        needsRight
        name={job.name}
        icon="stop"
        kind="danger"
        whyNot={whyNotCancelJob(job)}
        onClick={() => setAsking(true)}
      >
        {verb}
      </ActionButton>
      <ConfirmDialog
        isOpen={isAsking}
        title={`${verb} ${job.jobID}?`}
        confirm={verb}
        kind="danger"
        isBusy={cancel.isPending}
        error={cancel.error}
        onConfirm={() =>
          cancel.mutate(undefined, {
            onSuccess: () => {
              setAsking(false);
              notify(isService ? "The service is being stopped." : "The job is being cancelled.");
            },
          })
        }
        onClose={() => setAsking(false)}
      >
        <p>
          {isService
            ? "Its address answers no longer. Jobs that use it may fail."
            : "It is stopped, and the jobs that come after it never start."}
        </p>
      </ConfirmDialog>
    </>
  );
}
