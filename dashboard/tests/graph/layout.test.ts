import { expect, test } from "vitest";
import { type Box, computeLayout, FRAME_HEAD, FRAME_PADDING, type LayoutNode } from "../../src/graph/layout";
import { drawEdges } from "../../src/graph/paths";
import { firstView } from "../../src/graph/useFirstView";

function node(id: string, group?: string): LayoutNode {
  return { id, width: 200, height: 60, group };
}

function box(boxes: Readonly<Record<string, Box>>, id: string): Box {
  const found = boxes[id];
  if (!found) throw new Error(`${id} has no place`);
  return found;
}

function overlap(first: Box, second: Box): boolean {
  return (
    first.x < second.x + second.width &&
    second.x < first.x + first.width &&
    first.y < second.y + second.height &&
    second.y < first.y + first.height
  );
}

test("what comes later stands to the right, on narrow screens below", () => {
  const nodes = ["a", "b", "c"].map((id) => node(id));
  const edges = [["a", "b"] as const, ["b", "c"] as const];
  const flat = computeLayout({ nodes, edges, direction: "LR" }).boxes;
  expect(box(flat, "b").x).toBeGreaterThanOrEqual(box(flat, "a").x + 200);
  expect(box(flat, "c").x).toBeGreaterThanOrEqual(box(flat, "b").x + 200);
  const tall = computeLayout({ nodes, edges, direction: "TB" }).boxes;
  expect(box(tall, "b").y).toBeGreaterThanOrEqual(box(tall, "a").y + 60);
});

test("an opened fan-out of 200 stands in a grid within its frame, and nothing overlaps", () => {
  const members = Array.from({ length: 200 }, (_, index) => node(`w${index}`, "fold"));
  const nodes = [node("first"), ...members, node("last")];
  const edges = members.flatMap(({ id }) => [["first", id] as const, [id, "last"] as const]);
  const { boxes, width, height } = computeLayout({ nodes, edges, direction: "LR" });
  const frame = box(boxes, "fold");
  expect(frame.height).toBeLessThan(200 * 60);
  for (const { id } of members) {
    const member = box(boxes, id);
    expect(member.x).toBeGreaterThanOrEqual(frame.x + FRAME_PADDING);
    expect(member.y).toBeGreaterThanOrEqual(frame.y + FRAME_HEAD);
    expect(member.x + member.width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(member.y + member.height).toBeLessThanOrEqual(frame.y + frame.height);
  }
  const places = members.map(({ id }) => box(boxes, id));
  expect(places.some((first, at) => places.slice(at + 1).some((second) => overlap(first, second)))).toBe(false);
  expect(overlap(box(boxes, "last"), frame)).toBe(false);
  expect(Math.max(frame.x + frame.width, box(boxes, "last").x + 200)).toBeLessThanOrEqual(width + 1);
  expect(frame.y + frame.height).toBeLessThanOrEqual(height + 1);
});

test("an opened chain keeps its order within its frame", () => {
  const nodes = [node("s0", "chain"), node("s1", "chain"), node("s2", "chain")];
  const { boxes } = computeLayout({
    nodes,
    edges: [
      ["s0", "s1"],
      ["s1", "s2"],
    ],
    direction: "LR",
  });
  expect(box(boxes, "s0").x).toBeLessThan(box(boxes, "s1").x);
  expect(box(boxes, "s1").x).toBeLessThan(box(boxes, "s2").x);
});

test("the same graph is laid out the same", () => {
  const request = {
    nodes: ["a", "b", "c", "d"].map((id) => node(id)),
    edges: [
      ["a", "b"],
      ["a", "c"],
      ["b", "d"],
      ["c", "d"],
    ] as const,
    direction: "LR" as const,
  };
  expect(computeLayout(request)).toEqual(computeLayout(request));
});

test("unknown ends of edges and a graph without nodes break nothing", () => {
  expect(computeLayout({ nodes: [], edges: [["x", "y"]], direction: "LR" }).boxes).toEqual({});
  expect(Object.keys(computeLayout({ nodes: [node("a")], edges: [["x", "a"]], direction: "LR" }).boxes)).toEqual(["a"]);
});

test("edges begin at the right side of the one and end at the left side of the other", () => {
  const boxes = { a: { x: 0, y: 0, width: 10, height: 10 }, b: { x: 50, y: 0, width: 10, height: 10 } };
  const { lines, heads } = drawEdges(
    [
      ["a", "b"],
      ["a", "gone"],
    ],
    boxes,
    "LR",
  );
  expect(lines).toBe("M10 5H43");
  expect(heads).toBe("M50 5l-7 -4v8z");
});

test("a graph that fits is shown whole, a big one from its beginning, large enough to read", () => {
  const pane = { width: 1_000, height: 600 };
  expect(firstView({ width: 500, height: 100 }, pane, "LR")).toEqual({ zoom: 1, x: 250, y: 250 });
  const big = firstView({ width: 50_000, height: 400 }, pane, "LR");
  expect(big.zoom).toBe(0.45);
  expect(big.x).toBe(24);
});
