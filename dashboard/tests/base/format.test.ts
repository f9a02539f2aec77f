import { expect, test } from "vitest";
import { formatAge, formatBytes, formatSpan } from "../../src/parts/format";
import { targetRow } from "../../src/parts/rows";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [-5, "0 s"],
  [999, "0 s"],
  [59 * SECOND, "59 s"],
  [MINUTE, "1 min"],
  [3 * MINUTE + 4 * SECOND, "3 min 4 s"],
  [2 * HOUR + 5 * MINUTE + 59 * SECOND, "2 h 5 min"],
  [49 * HOUR, "2 d 1 h"],
])("a span of %d ms is told as %s", (span, text) => {
  expect(formatSpan(span)).toBe(text);
});

test.each([
  [2 * SECOND, "just now"],
  [-2 * SECOND, "in a moment"],
  [50 * SECOND, "50 s ago"],
  [61 * MINUTE, "1 h ago"],
  [-3 * 24 * HOUR, "in 3 d"],
])("an age of %d ms is told as %s", (age, text) => {
  const now = Date.UTC(2026, 4, 1);
  expect(formatAge(new Date(now - age), now)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [150 * 1024 * 1024, "150 MiB"],
  [5 * 1024 ** 5, "5120 TiB"],
])("%d bytes are told as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  ["ArrowDown", 3, 4],
  ["ArrowDown", 9, 9],
  ["ArrowUp", 0, 0],
  ["PageDown", 3, 9],
  ["Home", 7, 0],
  ["End", 1, 9],
  ["x", 1, undefined],
])("%s leads from row %d of ten to %s", (key, here, there) => {
  expect(targetRow(key, here, 10)).toBe(there);
});
