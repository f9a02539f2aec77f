/** Bars of waiting and running for each job, on one axis in the viewer's zone. */

import { useMemo, useState } from "react";
import { useJobs } from "../../api/queries";
import type { DagItem, JobItem } from "../../api/types";
import { useNow } from "../../parts/clock";
import { EmptyState } from "../../parts/EmptyState";
import { formatSpan } from "../../parts/format";
import { ListingTable } from "../../parts/ListingTable";
import { lookOf } from "../../parts/phases";
import type { Column } from "../../parts/Table";
import "./timeline.css";
import { barsOf, placeOf, shift, spanOf, ticksOf, type Window, zoom } from "./timeline";

interface Props {
  dag: DagItem;
  selected: string | undefined;
  onOpen: (job: string) => void;
}

const TICKS = 6;
const DAY = 24 * 3_600_000;

export function TimelineTab({ dag, selected, onOpen }: Props) {
  const now = useNow();
  const jobs = useJobs(dag.namespace, dag.name, { sort: "started" });
  const [chosen, setChosen] = useState<Window | undefined>(undefined);
  const whole = spanOf(dag, now);
  const window = chosen ?? whole;
  const columns = useMemo<readonly Column<JobItem>[]>(
    () => [
      { key: "job", title: "Job", width: "12rem", render: (job) => <span className="job-id">{job.jobID}</span> },
      { key: "bar", title: "Waiting and running", render: (job) => <Bars job={job} window={window} now={now} /> },
    ],
    [window, now],
  );
  return (
    <div className="timeline">
      <div className="filters" role="toolbar" aria-label="Part of the time axis">
        <Tool onClick={() => setChosen(zoom(window, 0.5, whole))}>Zoom in</Tool>
        <Tool onClick={() => setChosen(zoom(window, 2, whole))}>Zoom out</Tool>
        <Tool onClick={() => setChosen(shift(window, -0.5, whole))}>Earlier</Tool>
        <Tool onClick={() => setChosen(shift(window, 0.5, whole))}>Later</Tool>
        <Tool onClick={() => setChosen(undefined)}>Whole DAG</Tool>
        <span className="timeline-key">
          <span className="bar bar-waiting" /> waiting <span className="bar tone-running" /> running
        </span>
      </div>
      <Axis window={window} />
      <ListingTable
        label="Time-line of the jobs"
        columns={columns}
        listing={jobs}
        rowKey={(job) => job.uid}
        onOpen={(job) => onOpen(job.name)}
        isCurrent={(job) => job.name === selected}
        empty={
          <EmptyState title="No job has been created yet">They appear here as soon as they are submitted.</EmptyState>
        }
      />
    </div>
  );
}

function Tool({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" className="button" onClick={onClick}>
      {children}
    </button>
  );
}

function Axis({ window }: { window: Window }) {
  const ticks = ticksOf(window, TICKS, -new Date(window.from).getTimezoneOffset());
  const style: Intl.DateTimeFormatOptions =
    window.to - window.from > 2 * DAY ? { month: "short", day: "numeric", hour: "2-digit" } : { timeStyle: "medium" };
  const format = new Intl.DateTimeFormat(undefined, style);
  return (
    <div className="timeline-axis" aria-hidden="true">
      <span />
      <span className="timeline-ticks">
        {ticks.map((tick) => (
          <span
            key={tick}
            className="tick"
            style={{ left: `${placeOf({ from: tick, to: tick }, window)?.left ?? 0}%` }}
          >
            {format.format(tick)}
          </span>
        ))}
      </span>
    </div>
  );
}

function Bars({ job, window, now }: { job: JobItem; window: Window; now: number }) {
  const bars = barsOf(job, now);
  const words = bars.map((bar) => `${bar.kind} ${formatSpan(bar.to - bar.from)}`).join(", ");
  const look = lookOf(job.phase);
  return (
    <span className="bars" role="img" aria-label={words ? `${look.word}: ${words}` : look.word} title={words}>
      {bars.map((bar) => {
        const place = placeOf(bar, window);
        if (!place) return null;
        const tone = bar.kind === "waiting" ? "bar-waiting" : `tone-${look.tone}`;
        return (
          <span key={bar.kind} className={`bar ${tone}`} style={{ left: `${place.left}%`, width: `${place.width}%` }} />
        );
      })}
    </span>
  );
}
