import { describe, expect, it } from "vitest";
import type { GateItem } from "../../src/api/types";
import {
  beginningOf,
  countApprovals,
  describeApprovers,
  describeTimeLeft,
  sortWaiting,
} from "../../src/pages/approvals/words";
import { describeStage, parseChoice, toggleChoice } from "../../src/pages/runs/choice";
import { inOrderOfWork } from "../../src/pages/runs/order";
import { aGate, aJob } from "../builders";

const NOW = Date.parse("2026-05-01T12:00:00Z");

describe("the words about a gate", () => {
  it.each([
    ["2026-05-03T15:00:00Z", "2 d 3 h left"],
    ["2026-05-01T14:05:00Z", "2 h 5 min left"],
    ["2026-05-01T12:42:00Z", "42 min left"],
    ["2026-05-01T12:03:07Z", "3 min 7 s left"],
    ["2026-05-01T12:00:09Z", "9 s left"],
    ["2026-05-01T11:59:59Z", "the time is up"],
  ])("count down to %s: %s", (deadline, words) => {
    expect(describeTimeLeft(deadline, NOW)).toBe(words);
  });

  it("begin a list's line without the signs of markdown", () => {
    expect(beginningOf("## Title\n\n* **one** `two`\n* *[three](https://example.com)*")).toBe("Title one two three");
    expect(beginningOf("x".repeat(500))).toHaveLength(281);
  });

  it("count a person who approves twice once", () => {
    const decisions: GateItem["decisions"] = [
      { user: "ada", verdict: "Approve", comment: "" },
      { user: "ada", verdict: "Approve", comment: "again" },
    ];
    expect(countApprovals(aGate({ decisions, requiredApprovals: 2 }))).toBe("1 of 2");
  });

  it("say who may decide, also when nobody is named", () => {
    expect(describeApprovers(aGate({ users: ["ada"], groups: ["leads"] }))).toBe("ada, members of leads");
    expect(describeApprovers(aGate({ users: [] }))).toContain("Anybody with the right");
  });

  it("put first what the reader may decide, then what ends soonest", () => {
    const gates = [
      aGate({ name: "not-mine", mayDecide: false, deadline: "2026-05-01T12:01:00Z" }),
      aGate({ name: "no-hurry" }),
      aGate({ name: "urgent", deadline: "2026-05-01T12:30:00Z" }),
    ];
    expect(sortWaiting(gates).map((item) => item.name)).toEqual(["urgent", "no-hurry", "not-mine"]);
  });
});

describe("the logs side by side", () => {
  it("are three at most, and the newest choice pushes the oldest out", () => {
    expect(toggleChoice(["a", "b", "c"], "d")).toEqual(["b", "c", "d"]);
    expect(toggleChoice(["a", "b"], "a")).toEqual(["b"]);
    expect(parseChoice("a,,a,b,c,d")).toEqual(["a", "b", "c"]);
  });

  it.each([
    [1, "analyse"],
    [2, "analyse · 2nd time"],
    [3, "analyse · 3rd time"],
    [11, "analyse · 11th time"],
    [21, "analyse · 21st time"],
  ])("stand under stages that say which time it is: %i", (iteration, words) => {
    expect(describeStage("analyse", iteration)).toBe(words);
  });
});

describe("the jobs of a stage", () => {
  const order = (...jobs: [string, string[]][]) =>
    inOrderOfWork(jobs.map(([jobID, parents]) => aJob({ jobID, parents }))).map((job) => job.jobID);

  it("stand after their parents, and otherwise as they came", () => {
    expect(order(["publish", ["check"]], ["z", []], ["check", ["make"]], ["make", []])).toEqual([
      "z",
      "make",
      "check",
      "publish",
    ]);
  });

  it("are all there, also where parents are not shown or form a cycle", () => {
    expect(order(["a", ["elsewhere"]], ["b", ["c"]], ["c", ["b"]]).toSorted()).toEqual(["a", "b", "c"]);
  });
});
