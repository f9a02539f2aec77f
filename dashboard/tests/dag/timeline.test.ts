import { expect, test } from "vitest";
import { barsOf, placeOf, shift, spanOf, ticksOf, zoom } from "../../src/pages/dag/timeline";
import { aDag, aJob } from "../builders";

const at = (time: string) => Date.parse(`2026-05-01T${time}Z`);

test("a job waits from when its parents were done and runs from its start, until now if it has not ended", () => {
  const job = aJob({ readyTime: "2026-05-01T08:00:00Z", startTime: "2026-05-01T08:00:10Z" });
  expect(barsOf(job, at("08:01:00"))).toEqual([
    { kind: "waiting", from: at("08:00:00"), to: at("08:00:10") },
    { kind: "running", from: at("08:00:10"), to: at("08:01:00") },
  ]);
});

test("a job that was cancelled while it waited has no bar of running; one that is not ready has none at all", () => {
  const cancelled = { ...aJob({ phase: "Cancelled", readyTime: "2026-05-01T08:00:00Z" }), startTime: undefined };
  const { startTime: _, ...rest } = cancelled;
  expect(barsOf({ ...rest, completionTime: "2026-05-01T08:00:05Z" }, at("09:00:00"))).toEqual([
    { kind: "waiting", from: at("08:00:00"), to: at("08:00:05") },
  ]);
  const { readyTime: __, ...unready } = rest;
  expect(barsOf(unready, at("09:00:00"))).toEqual([]);
});

test("bars are cut where the axis ends, and left out beyond it", () => {
  const window = { from: 100, to: 200 };
  expect(placeOf({ from: 50, to: 150 }, window)).toEqual({ left: 0, width: 50 });
  expect(placeOf({ from: 180, to: 900 }, window)).toEqual({ left: 80, width: 20 });
  expect(placeOf({ from: 300, to: 400 }, window)).toBeUndefined();
});

test("ticks are round moments in the viewer's zone", () => {
  const hours = { from: at("08:03:00"), to: at("20:00:00") };
  expect(ticksOf(hours, 6, 0).map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
    "10:00",
    "12:00",
    "14:00",
    "16:00",
    "18:00",
    "20:00",
  ]);
  // Half an hour ahead of UTC, round hours there are half hours here.
  const halves = ticksOf(hours, 6, 30).map((tick) => new Date(tick).toISOString().slice(14, 16));
  expect(new Set(halves)).toEqual(new Set(["30"]));
  expect(ticksOf({ from: 0, to: 5_000 }, 6, 0)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
});

test("the axis goes from submission to the end, or to now", () => {
  expect(spanOf(aDag(), at("09:00:00"))).toEqual({ from: at("08:00:00"), to: at("09:00:00") });
  const ended = aDag({ completionTime: "2026-05-01T08:30:00Z" });
  expect(spanOf(ended, at("09:00:00")).to).toBe(at("08:30:00"));
});

test("zooming and moving stay within the whole", () => {
  const whole = { from: 0, to: 100_000 };
  const half = zoom(whole, 0.5, whole);
  expect(half).toEqual({ from: 25_000, to: 75_000 });
  expect(shift(half, 2, whole)).toEqual({ from: 50_000, to: 100_000 });
  expect(shift(half, -2, whole)).toEqual({ from: 0, to: 50_000 });
  expect(zoom(half, 8, whole)).toEqual(whole);
});
