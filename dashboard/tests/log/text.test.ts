import { expect, test } from "vitest";
import { plainText, spansOf } from "../../src/parts/LogView/text";

const ESC = "\u001b";

test("colours of a terminal become classes, and what they cover stays text", () => {
  expect(spansOf(`${ESC}[1;31mbad <b>${ESC}[0m and ${ESC}[92mgood${ESC}[39m.`)).toEqual([
    { text: "bad <b>", style: "sgr-bold sgr-red" },
    { text: " and ", style: "" },
    { text: "good", style: "sgr-green" },
    { text: ".", style: "" },
  ]);
});

test("256 colours and true colours are left out with their numbers", () => {
  expect(spansOf(`${ESC}[38;5;196mx${ESC}[48;2;1;2;31my${ESC}[m`).map((span) => span.text)).toEqual(["x", "y"]);
});

test("titles, links and moves of the cursor are not shown and do nothing", () => {
  const line = `${ESC}]0;title\u0007${ESC}]8;;http://x/\u0007link${ESC}]8;;\u0007 ${ESC}[2Kdone${ESC}(B${ESC}7`;
  expect(plainText(line)).toBe("link done");
});

test("a progress bar shows what a terminal would show at the end", () => {
  expect(plainText("10 %\r50 %\r100 %")).toBe("100 %");
  expect(plainText("windows line\r")).toBe("windows line");
});

test("control characters and turned text are made visible", () => {
  expect(plainText("a\u0000b\u0008\tc\u007f\u202egpj")).toBe("a␀b␈\tc\ufffd\ufffdgpj");
});

test("a long line is cut for display, whatever colours it has", () => {
  const long = `${ESC}[31m${"x".repeat(3_000)}${ESC}[0m${"y".repeat(10)}`;
  expect(spansOf(long, 100)).toEqual([{ text: "x".repeat(100), style: "sgr-red" }]);
  expect(spansOf("z".repeat(3_000), 100)[0]?.text).toHaveLength(100);
});
