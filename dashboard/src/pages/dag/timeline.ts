/** When jobs waited and ran, as places on a time axis; pure. Times are milliseconds since 1970. */

import type { DagItem, JobItem } from "../../api/types";

export interface Window {
  readonly from: number;
  readonly to: number;
}
export interface Bar extends Window {
  readonly kind: "waiting" | "running";
}
/** Per cent of the axis. */
export interface Place {
  readonly left: number;
  readonly width: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * SECOND)
  .concat(
    [1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
    [1, 2, 3, 6, 12].map((n) => n * HOUR),
    [1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
  );

/** From submission to the end, or to now. */
export function spanOf(dag: DagItem, now: number): Window {
  const from = Date.parse(dag.createTime);
  const to = dag.completionTime ? Date.parse(dag.completionTime) : now;
  return { from, to: Math.max(to, from + SECOND) };
}

/** A job waits from when its parents were done, and runs from its start. */
export function barsOf(job: JobItem, now: number): Bar[] {
  const ready = parse(job.readyTime);
  const start = parse(job.startTime);
  const end = parse(job.completionTime);
  const bars: Bar[] = [];
  if (ready !== undefined && (start ?? end ?? now) > ready) {
    bars.push({ kind: "waiting", from: ready, to: start ?? end ?? now });
  }
  if (start !== undefined) bars.push({ kind: "running", from: start, to: Math.max(end ?? now, start) });
  return bars;
}

/** Where a bar is on the axis; undefined: not in sight. */
export function placeOf(bar: Window, window: Window): Place | undefined {
  const length = window.to - window.from;
  if (bar.to < window.from || bar.from > window.to || length <= 0) return undefined;
  const left = Math.max(0, (bar.from - window.from) / length) * 100;
  const right = Math.min(1, (bar.to - window.from) / length) * 100;
  return { left, width: right - left };
}

/** Round moments, at most `most` of them, in a zone that is so many minutes ahead of UTC. */
export function ticksOf(window: Window, most: number, offsetMinutes: number): number[] {
  const wanted = (window.to - window.from) / most;
  const step = STEPS.find((each) => each >= wanted) ?? Math.ceil(wanted / (365 * DAY)) * 365 * DAY;
  const offset = offsetMinutes * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((window.from + offset) / step) * step - offset; at <= window.to; at += step) ticks.push(at);
  return ticks;
}

/** Closer around the middle (factor < 1) or wider, within the whole. */
export function zoom(window: Window, factor: number, whole: Window): Window {
  const half = Math.max((window.to - window.from) * factor, SECOND) / 2;
  const middle = (window.from + window.to) / 2;
  return clamp({ from: middle - half, to: middle + half }, whole);
}

/** Earlier (share < 0) or later by a share of what is in sight. */
export function shift(window: Window, share: number, whole: Window): Window {
  const by = (window.to - window.from) * share;
  return clamp({ from: window.from + by, to: window.to + by }, whole);
}

function clamp(window: Window, whole: Window): Window {
  const length = Math.min(window.to - window.from, whole.to - whole.from);
  const from = Math.min(Math.max(window.from, whole.from), whole.to - length);
  return { from, to: from + length };
}

function parse(time: string | undefined): number | undefined {
  const parsed = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}
