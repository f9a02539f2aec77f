import { Link } from "wouter";
import type { JobItem, Stage } from "../../api/types";
import { links } from "../../app/links";
import { Phase } from "../../parts/Phase";
import { Progress } from "../../parts/Progress";
import { Span, Time } from "../../parts/Time";
import { describeStage } from "./choice";
import { inOrderOfWork } from "./order";

interface StageProps {
  stage: Stage;
  /** Names of the jobs whose logs are open. */
  chosen: readonly string[];
  onLog: (job: string) => void;
}

/** A DAG of the run: which time it is that a DAG of this name was submitted, and its jobs. */
export function StageCard({ stage, chosen, onLog }: StageProps) {
  const { dag, jobs, jobCount, iteration } = stage;
  return (
    <article className="card stage">
      <header className="stage-head">
        <h3>
          <Link href={links.dag(dag.namespace, dag.name)}>{describeStage(dag.displayName, iteration)}</Link>
        </h3>
        <Phase phase={dag.phase} />
        <span className="stage-times">
          {dag.startTime ? (
            <>
              <Time value={dag.startTime} /> · <Span from={dag.startTime} to={dag.completionTime} />
            </>
          ) : (
            "not started"
          )}
        </span>
        <Progress counts={dag.counts} text={dag.progress} />
      </header>
      {dag.message && <p className="soft">{dag.message}</p>}
      <ul className="stage-jobs">
        {inOrderOfWork(jobs).map((job) => (
          <StageJob key={job.uid} job={job} isOpen={chosen.includes(job.name)} onLog={onLog} />
        ))}
      </ul>
      {jobCount > jobs.length && (
        <p className="soft">
          {jobs.length} of {jobCount} jobs are shown.{" "}
          <Link href={links.dag(dag.namespace, dag.name, { tab: "jobs" })}>See all</Link>
        </p>
      )}
    </article>
  );
}

function StageJob({ job, isOpen, onLog }: { job: JobItem; isOpen: boolean; onLog: (job: string) => void }) {
  const dag = job.dag;
  return (
    <li className="stage-job">
      <Phase phase={job.phase} />
      <span className="stage-job-name">
        {dag ? <Link href={links.dag(job.namespace, dag, { job: job.name })}>{job.jobID}</Link> : job.jobID}
        {job.attempt > 1 && <span className="soft"> · attempt {job.attempt}</span>}
        {job.approval && <span className="soft"> · gate: {describeApproval(job.approval)}</span>}
      </span>
      <span className="soft">
        <Span from={job.startTime} to={job.completionTime} />
      </span>
      <button type="button" className="button" aria-pressed={isOpen} onClick={() => onLog(job.name)}>
        {isOpen ? "Close the log" : "Log"}
        <span className="hidden"> of {job.jobID}</span>
      </button>
    </li>
  );
}

function describeApproval(phase: NonNullable<JobItem["approval"]>): string {
  switch (phase) {
    case "Scheduled":
      return "not open yet";
    case "Pending":
      return "waits for a decision";
    case "Approved":
      return "approved";
    case "Rejected":
      return "rejected";
    case "TimedOut":
      return "timed out";
  }
}
