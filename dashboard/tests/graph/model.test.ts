import { expect, test } from "vitest";
import { type Answer, type Order, type Port, WorkerEngine } from "../../src/graph/engine";
import { FlowNodes } from "../../src/graph/flow";
import { computeLayout } from "../../src/graph/layout";
import { foldLabels, makeModel, requestLayout } from "../../src/graph/model";
import { drawBlocks } from "../../src/graph/SmallMap";
import { findNext } from "../../src/graph/walk";
import { aFold, aGraph, aNode } from "./graphs";

test("an opened fold becomes a frame with the fold's name, and edges lead to the frame", () => {
  const closed = aGraph([aNode("a"), aFold("w", 3, { parents: ["job:a"] }), aNode("z", ["fold:FanOut:w"])]);
  const members = ["w-0", "w-1", "w-2"].map((id) => aNode(id, ["a"], { group: "fold:FanOut:w" }));
  const open = aGraph([aNode("a"), ...members, aNode("z", ["w-0", "w-1", "w-2"])]);
  const model = makeModel(open, new Map(foldLabels(closed)));
  expect(model.frames.map((frame) => frame.label)).toEqual(["w-0 … w-2"]);
  expect(model.edges).toEqual([
    ["job:a", "fold:FanOut:w"],
    ["fold:FanOut:w", "job:z"],
  ]);
});

test("a frame whose members depend on one another keeps their own edges", () => {
  const members = [aNode("s-0", ["a"], { group: "c" }), aNode("s-1", ["s-0"], { group: "c" })];
  const model = makeModel(aGraph([aNode("a"), ...members]), new Map());
  expect(model.edges).toEqual([
    ["job:a", "job:s-0"],
    ["job:s-0", "job:s-1"],
  ]);
  expect(model.frames[0]?.label).toBe("s-0 … s-1 (2)");
});

test("a fold that is still told beside its members is not drawn twice; unknown parents are left out", () => {
  const graph = aGraph([aFold("w", 1), aNode("w-0", ["gone"], { group: "fold:FanOut:w" })]);
  const model = makeModel(graph, new Map());
  expect(model.nodes.map((node) => node.id)).toEqual(["job:w-0"]);
  expect(model.edges).toEqual([]);
});

test("a node that has not changed stays the same object, so that it is not drawn again", () => {
  const [a, b] = [aNode("a"), aNode("b", ["a"])];
  const cache = new FlowNodes();
  const first = makeModel(aGraph([a, b]), new Map());
  const layout = computeLayout(requestLayout(first, "LR"));
  const before = cache.make(first, layout, { active: "job:a", selected: undefined });
  const changed = makeModel(aGraph([a, { ...b, phase: "Failed" }]), new Map());
  const after = cache.make(changed, layout, { active: "job:a", selected: undefined });
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  const selected = cache.make(changed, layout, { active: "job:a", selected: "dag-b" });
  expect(selected[1]?.data).toMatchObject({ isSelected: true });
});

test("arrows walk along edges, and beside them where there is none", () => {
  const model = makeModel(
    aGraph([aNode("a"), aNode("b", ["a"]), aNode("c", ["a"]), aNode("d", ["b", "c"])]),
    new Map(),
  );
  const { boxes } = computeLayout(requestLayout(model, "LR"));
  const graph = { boxes, ids: model.nodes.map((node) => node.id), edges: model.edges, direction: "LR" as const };
  const [upper, lower] = ["job:b", "job:c"].toSorted((one, two) => (boxes[one]?.y ?? 0) - (boxes[two]?.y ?? 0));
  expect(["job:b", "job:c"]).toContain(findNext(graph, "job:a", "ArrowRight"));
  expect(findNext(graph, upper ?? "", "ArrowDown")).toBe(lower);
  expect(findNext(graph, lower ?? "", "ArrowUp")).toBe(upper);
  expect(findNext(graph, "job:b", "ArrowRight")).toBe("job:d");
  expect(findNext(graph, "job:b", "ArrowLeft")).toBe("job:a");
  expect(findNext(graph, "job:a", "ArrowLeft")).toBeUndefined();
});

test("only the newest question to the worker is answered", () => {
  const orders: Order[] = [];
  const port: Port = { onmessage: null, postMessage: (order) => orders.push(order), terminate: () => undefined };
  const engine = new WorkerEngine(port);
  const answers: number[] = [];
  const request = { nodes: [], edges: [], direction: "LR" as const };
  engine.ask(request, () => answers.push(1));
  engine.ask(request, () => answers.push(2));
  for (const { order } of orders) {
    const data: Answer = { order, layout: { boxes: {}, width: 0, height: 0 } };
    port.onmessage?.(new MessageEvent("message", { data }));
  }
  expect(answers).toEqual([2]);
});

test("the small map draws each phase in its colour", () => {
  const model = makeModel(aGraph([aNode("a"), aNode("b", [], { phase: "Failed" })]), new Map());
  const paths = drawBlocks(model, computeLayout(requestLayout(model, "LR")));
  expect([...paths.keys()].toSorted()).toEqual(["failed", "succeeded"]);
});
