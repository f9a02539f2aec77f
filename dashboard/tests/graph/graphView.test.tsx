import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Graph } from "../../src/api/types";
import { GraphView } from "../../src/graph/GraphView";
import { computeLayout } from "../../src/graph/layout";
import { makeModel, requestLayout } from "../../src/graph/model";
import { firstView } from "../../src/graph/useFirstView";
import { aFold, aGraph, aNode, PromptEngine } from "./graphs";

const opened = vi.fn();
const toggled = vi.fn();
const listed = vi.fn();
const PANE = { width: 1_200, height: 800 };
let engine = new PromptEngine();
let paneWidth = PANE.width;
const open = () => engine;

beforeAll(() => {
  // jsdom lays nothing out: the pane is as big as a screen.
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => paneWidth });
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => PANE.height });
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
beforeEach(() => {
  vi.clearAllMocks();
  engine = new PromptEngine();
  paneWidth = PANE.width;
});

function view(graph: Graph, selected?: string) {
  return (
    <GraphView graph={graph} selected={selected} onOpenJob={opened} onToggle={toggled} onList={listed} engine={open} />
  );
}

/** The drawing library's dragging wants a window in each event, which user-event does not give. */
function press(button: HTMLElement): void {
  fireEvent.click(button);
}

const CHAIN = aGraph([aNode("a"), aNode("b", ["a"], { phase: "Running" }), aFold("w", 200, { parents: ["job:b"] })]);

test("every node says in words what it shows, and a click opens the job", async () => {
  render(view(CHAIN));
  press(await screen.findByRole("button", { name: /^a Succeeded .*node-1$/ }));
  expect(opened).toHaveBeenCalledWith("dag-a");
});

test("with the keyboard alone one walks along the edges, opens a job and a fold", async () => {
  render(view(CHAIN));
  const user = userEvent.setup();
  const first = await screen.findByRole("button", { name: /^a / });
  first.focus();
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(document.activeElement?.getAttribute("data-node")).toBe("job:b"));
  await user.keyboard("{Enter}");
  expect(opened).toHaveBeenCalledWith("dag-b");
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(document.activeElement?.getAttribute("data-node")).toBe("fold:FanOut:w"));
  await user.keyboard("{Enter}");
  expect(toggled).toHaveBeenCalledWith("fold:FanOut:w", true);
});

test("a fold that is too big for the graph is opened as a list", async () => {
  render(view(aGraph([aFold("big", 5_000, { opens: false })])));
  press(await screen.findByRole("button", { name: /5,000 jobs Show list/ }));
  expect(listed).toHaveBeenCalledWith("fold:FanOut:big");
});

test("the frame of an opened fold closes it", async () => {
  const members = ["w-0", "w-1"].map((id) => aNode(id, [], { group: "fold:FanOut:w" }));
  render(view(aGraph(members)));
  press(await screen.findByRole("button", { name: /Close/ }));
  expect(toggled).toHaveBeenCalledWith("fold:FanOut:w", false);
});

test("states change without a new layout, a new shape asks for one", async () => {
  const { rerender } = render(view(CHAIN));
  await screen.findByRole("button", { name: /^b / });
  expect(engine.asked).toBe(1);
  const failed = CHAIN.nodes.map((node) => (node.label === "a" ? { ...node, phase: "Failed" as const } : node));
  rerender(view({ ...CHAIN, nodes: failed }));
  await waitFor(() => expect(document.querySelector('[data-node="job:a"]')?.getAttribute("data-phase")).toBe("Failed"));
  expect(engine.asked).toBe(1);
  rerender(view(aGraph([...CHAIN.nodes, aNode("new", ["a"])], "other")));
  await screen.findByRole("button", { name: /^new / });
  expect(engine.asked).toBe(2);
});

test("the open job is marked", async () => {
  render(view(CHAIN, "dag-b"));
  expect((await screen.findByRole("button", { name: /^a / })).getAttribute("aria-pressed")).toBe("false");
  expect(screen.getByRole("button", { pressed: true }).getAttribute("data-node")).toBe("job:b");
});

/** A panel beside the graph opens or closes. */
function leave(width: number): void {
  paneWidth = width;
  fireEvent(window, new Event("resize"));
}

const shown = () => document.querySelector<HTMLElement>(".react-flow__viewport")?.style.transform;
/** The width of the frame in the small map. */
const inSight = () => document.querySelector<HTMLElement>(".small-map-sight")?.style.width;

/** Where the drawing library puts what `firstView` says. */
function fitted(graph: Graph, width: number): string {
  const layout = computeLayout(requestLayout(makeModel(graph, new Map()), "LR"));
  const { x, y, zoom } = firstView(layout, { ...PANE, width }, "LR");
  return `translate(${x}px,${y}px) scale(${zoom})`;
}

test("the graph fits itself into what a panel leaves of the width, and back", async () => {
  const { rerender } = render(view(CHAIN));
  await waitFor(() => expect(shown()).toBe(fitted(CHAIN, 1_200)));
  rerender(view(CHAIN, "dag-b"));
  leave(520);
  await waitFor(() => expect(shown()).toBe(fitted(CHAIN, 520)));
  rerender(view(CHAIN));
  leave(1_200);
  await waitFor(() => expect(shown()).toBe(fitted(CHAIN, 1_200)));
});

test("a graph that the reader has moved stays where it is when a panel opens", async () => {
  render(view(CHAIN));
  await waitFor(() => expect(shown()).toBe(fitted(CHAIN, 1_200)));
  press(screen.getByRole("button", { name: "Zoom In" }));
  await waitFor(() => expect(shown()).not.toBe(fitted(CHAIN, 1_200)));
  const moved = shown();
  const sight = inSight();
  leave(520);
  await waitFor(() => expect(inSight()).not.toBe(sight));
  expect(shown()).toBe(moved);
});
