import { expect, test } from "vitest";
import { findLines, splitByQuery } from "../../src/parts/LogView/search";
import {
  append,
  emptyWindow,
  type LogWindow,
  lineAt,
  prepend,
  textOf,
  trimEnd,
  trimStart,
} from "../../src/parts/LogView/window";

const encoder = new TextEncoder();

function read(window: LogWindow): string[] {
  return Array.from({ length: window.lineCount }, (_, index) => lineAt(window, index));
}

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");
}

test("a log reads the same wherever its bytes are cut, also within a character", () => {
  const text = "grüße ✓ 😀\nzweite Zeile\n\nohne Ende ü";
  const bytes = encoder.encode(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    let window = emptyWindow(0);
    for (let at = 0; at < bytes.length; at += size) window = append(window, bytes.subarray(at, at + size));
    expect(read(window)).toEqual(["grüße ✓ 😀", "zweite Zeile", "", "ohne Ende ü"]);
    expect(window.end).toBe(bytes.length);
    expect(textOf(window)).toBe(text);
  }
});

test("bytes that are no UTF-8 are shown as replacement characters and never lose their line", () => {
  const window = append(emptyWindow(0), new Uint8Array([0xff, 0xfe, 65, 10, 0xc3, 10, 66]));
  expect(read(window)).toEqual(["\ufffd\ufffdA", "\ufffd", "B"]);
});

test("the next byte is asked for where the window ends, an unfinished line included", () => {
  const window = append(emptyWindow(100), encoder.encode("abc\nde"));
  expect([window.start, window.end]).toEqual([100, 106]);
  expect(read(append(window, encoder.encode("f\n")))).toEqual(["abc", "def"]);
});

test("an earlier part is put in front without the piece of a line that it begins with", () => {
  const held = append(emptyWindow(60), encoder.encode("later\n"));
  const window = prepend(held, encoder.encode("iece\nfirst\nsecond\n"), false);
  expect(read(window)).toEqual(["first", "second", "later"]);
  expect(window.start).toBe(60 - "first\nsecond\n".length);
  expect(window.origin).toBe(-2);
});

test("the beginning of the log is put in front whole", () => {
  const held = append(emptyWindow(6), encoder.encode("later\n"));
  expect(read(prepend(held, encoder.encode("first\n"), true))).toEqual(["first", "later"]);
});

test("a log that grows beyond the limit lets go of its oldest lines and keeps the newest", () => {
  let window = emptyWindow(0);
  for (let at = 0; at < 40; at += 1) {
    window = trimStart(append(window, encoder.encode(numbered(at * 5_000, (at + 1) * 5_000))), {
      bytes: 300_000,
      lines: 1_000_000,
    });
    expect(window.end - window.start).toBeLessThanOrEqual(300_000);
  }
  expect(lineAt(window, window.lineCount - 1)).toBe("line 199999");
  expect(lineAt(window, 0)).toBe(`line ${window.origin}`);
});

test("a log of very short lines is held to a number of lines, because browsers cannot scroll higher", () => {
  let window = emptyWindow(0);
  for (let at = 0; at < 10; at += 1) {
    window = trimStart(append(window, encoder.encode("\n".repeat(70_000))), { bytes: 2 ** 30, lines: 200_000 });
  }
  expect(window.lineCount).toBeLessThanOrEqual(200_000);
});

test("somebody who reads backwards loses the newest lines, not the ones in sight", () => {
  let window = emptyWindow(0);
  for (let at = 0; at < 10; at += 1) window = append(window, encoder.encode(numbered(at * 5_000, (at + 1) * 5_000)));
  const trimmed = trimEnd(window, { bytes: 200_000, lines: 1_000_000 });
  expect(lineAt(trimmed, 0)).toBe("line 0");
  expect(trimmed.end).toBeLessThan(window.end);
  expect(trimmed.rest).toHaveLength(0);
});

test("a line without an end is cut, in front of a character, so that it can be shown and let go", () => {
  let window = emptyWindow(0);
  for (let at = 0; at < 20; at += 1) window = append(window, encoder.encode("ü".repeat(40_000)));
  expect(window.blocks.length).toBeGreaterThan(0);
  expect(window.blocks.every((block) => block.lines.every((line) => /^ü+$/.test(line)))).toBe(true);
});

test("a search finds lines whatever their case and colours, in the unfinished last line too", () => {
  const text = "one\nan \u001b[31mERR\u001b[0mOR here\ntwo\nlast error";
  expect(findLines(append(emptyWindow(0), encoder.encode(text)), "Error")).toEqual([1, 3]);
  expect(findLines(append(emptyWindow(0), encoder.encode(text)), "")).toEqual([]);
});

test("what was searched is marked wherever it stands", () => {
  expect(splitByQuery("an Error, error", "ERROR")).toEqual(["an ", "Error", ", ", "error", ""]);
});
