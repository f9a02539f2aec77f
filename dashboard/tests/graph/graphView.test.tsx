import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Graph } from "../../src/api/types";
import { GraphView } from "../../src/graph/GraphView";
import { aFold, aGraph, aNode, PromptEngine } from "./graphs";

const opened = vi.fn();
const toggled = vi.fn();
const listed = vi.fn();
let engine = new PromptEngine();
const open = () => engine;

beforeAll(() => {
  // jsdom lays nothing out: the pane is as big as a screen.
  for (const [property, size] of [
    ["offsetWidth", 1_200],
    ["offsetHeight", 800],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, property, { configurable: true, get: () => size });
  }
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
beforeEach(() => {
  vi.clearAllMocks();
  engine = new PromptEngine();
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
