import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect, useState } from "react";
import { describe, expect, test } from "vitest";
import { ActionButton, fill } from "../../src/parts/ActionButton";
import { ConfirmDialog } from "../../src/parts/ConfirmDialog";
import { PageHead } from "../../src/parts/PageHead";
import { GatePhaseMark, Phase } from "../../src/parts/Phase";
import { Progress } from "../../src/parts/Progress";
import { SearchField } from "../../src/parts/SearchField";
import { Tabs } from "../../src/parts/Tabs";
import { Age, Span, Time } from "../../src/parts/Time";
import { FakeStore } from "../fakeStore";
import { renderPage } from "../rendering";

const show = (shown: Parameters<typeof renderPage>[0]) => renderPage(shown, new FakeStore());

/** Draws its search field again and again, as a list does that follows the cluster. */
function Restless({ onSearch }: { onSearch: (text: string) => void }) {
  const [, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((count) => count + 1), 100);
    return () => clearInterval(timer);
  }, []);
  return <SearchField label="Search" value="" onSearch={(text) => onSearch(text)} />;
}

function Asking({ onConfirm }: { onConfirm: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Delete…
      </button>
      <ConfirmDialog
        isOpen={isOpen}
        title="Delete the file?"
        confirm="Delete"
        error={new Error("Somebody else has it open.")}
        onConfirm={onConfirm}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

function Two() {
  const [current, setCurrent] = useState<"one" | "two">("one");
  return (
    <Tabs
      label="Views"
      tabs={[
        { key: "one", title: "One" },
        { key: "two", title: "Two", count: 3 },
      ]}
      current={current}
      onChoose={setCurrent}
    >
      {current}
    </Tabs>
  );
}

describe("an action", () => {
  test("that is allowed runs on a click and on Enter", async () => {
    let count = 0;
    show(
      <ActionButton right={{ allowed: true }} onClick={() => (count += 1)}>
        Cancel
      </ActionButton>,
    );
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await user.keyboard("{Enter}");
    expect(count).toBe(2);
  });

  test("that would be refused stays reachable, does nothing, says why and offers the command", async () => {
    let count = 0;
    show(
      <ActionButton
        right={{ allowed: false, reason: "You may not create DAGs here.", command: "titan resubmit NAME" }}
        name="analyse-7f3"
        onClick={() => (count += 1)}
      >
        Resubmit
      </ActionButton>,
    );
    const user = userEvent.setup();
    await user.tab();
    const button = screen.getByRole("button", { name: "Resubmit" });
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.title).toBe("You may not create DAGs here.");
    await user.keyboard("{Enter}");
    expect(count).toBe(0);
    expect(screen.getByRole("status").textContent).toContain("You may not create DAGs here.");
    expect(screen.getByText("titan resubmit analyse-7f3")).toBeDefined();
  });

  test("waits until the rights are known", async () => {
    show(
      <ActionButton right={undefined} needsRight onClick={() => undefined}>
        Cancel
      </ActionButton>,
    );
    expect(screen.getByRole("button").title).toMatch(/being looked up/);
  });

  test("that makes no sense now says this rather than the right", () => {
    show(
      <ActionButton right={{ allowed: false, reason: "No." }} whyNot="The DAG has ended." onClick={() => undefined}>
        Cancel
      </ActionButton>,
    );
    expect(screen.getByRole("button").title).toBe("The DAG has ended.");
  });

  test("puts any name into its command as it is", () => {
    expect(fill("titan cancel NAME", "a$&b")).toBe("titan cancel a$&b");
  });
});

describe("a confirmation", () => {
  test("asks, can be left, shows a refusal and runs only on its own button", async () => {
    let count = 0;
    show(<Asking onConfirm={() => (count += 1)} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Delete…" }));
    expect(screen.getByRole("dialog", { name: "Delete the file?" })).toBeDefined();
    expect(screen.getByRole("alert").textContent).toBe("Somebody else has it open.");
    await user.click(screen.getByRole("button", { name: "Go back" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Delete…" }));
    await user.click(screen.getByRole("button", { name: "Delete" }));
    expect(count).toBe(1);
  });
});

describe("tabs", () => {
  test("are one stop of the keyboard; arrows choose", async () => {
    show(<Two />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("tabpanel", { name: "Two 3" }).textContent).toBe("two");
    await user.keyboard("{Home}");
    expect(screen.getByRole("tab", { selected: true }).textContent).toBe("One");
    await user.tab();
    expect(document.activeElement?.getAttribute("role")).not.toBe("tab");
  });
});

describe("what is shown of a state", () => {
  test("a gate that is pending waits for a person, a job for the cluster", () => {
    show(
      <>
        <Phase phase="Pending" />
        <GatePhaseMark phase="Pending" />
      </>,
    );
    expect(screen.getByText("Pending")).toBeDefined();
    expect(screen.getByText("Waiting for approval")).toBeDefined();
  });

  test("a bar says its counts in words", () => {
    show(<Progress counts={{ pending: 2, succeeded: 3 }} text="3/5" />);
    expect(screen.getByRole("img", { name: "Jobs: 3 succeeded, 2 pending" })).toBeDefined();
  });

  test("a bar of no jobs is told as such", () => {
    show(<Progress counts={{}} />);
    expect(screen.getByRole("img", { name: "Jobs: no jobs yet" })).toBeDefined();
  });

  test("times carry UTC in their title and themselves in dateTime; nonsense is not shown", () => {
    const { container } = show(
      <>
        <Time value="2026-05-01T08:00:00Z" />
        <Age value="2026-05-01T08:00:00Z" />
        <Time value="yesterday" />
        <Time value={undefined} />
        <Span from="2026-05-01T08:00:00Z" to="2026-05-01T09:01:30Z" />
      </>,
    );
    const times = [...container.querySelectorAll("time")];
    expect(times.map((time) => time.dateTime)).toEqual(["2026-05-01T08:00:00Z", "2026-05-01T08:00:00Z"]);
    expect(times[0]?.title).toBe("2026-05-01 08:00:00 UTC");
    expect(screen.getByText("1 h 1 min")).toBeDefined();
  });
});

test("a search is made however often the page is drawn again meanwhile", async () => {
  const searched: string[] = [];
  show(<Restless onSearch={(text) => searched.push(text)} />);
  await userEvent.setup().type(screen.getByRole("searchbox", { name: "Search" }), "fit");
  await waitFor(() => expect(searched.at(-1)).toBe("fit"));
});

test("a name that turns the direction of writing cannot look like another one", () => {
  show(<PageHead title={"report-\u202etxt.exe"} />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("report-\ufffdtxt.exe");
  expect(document.title).toBe("report-\ufffdtxt.exe · Titan");
});
