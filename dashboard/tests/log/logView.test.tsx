import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeAll, expect, test } from "vitest";
import { useSession } from "../../src/api/session";
import { LogView } from "../../src/parts/LogView";
import { aSession } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { renderPage } from "../rendering";
import { FakeLogs } from "./fakeLogs";

beforeAll(() => {
  // jsdom lays nothing out: what scrolls is as high as a screen.
  Object.defineProperty(HTMLElement.prototype, "clientHeight", {
    configurable: true,
    get(this: HTMLElement) {
      return this.matches(".log-lines") ? 600 : 0;
    },
  });
});

function show(logs: FakeLogs, edge = logs.edge) {
  return renderPage(<LogView namespace="team-a" job="uid-1" name="fit" edge={edge} />, new FakeStore());
}

function completeLog(text: string): FakeLogs {
  const logs = new FakeLogs();
  logs.write(text);
  logs.isComplete = true;
  return logs;
}

test("hostile lines are text: no element of theirs comes into being", async () => {
  const { container } = show(completeLog('<script>window.hacked=1</script>\n<img src=x onerror="hacked()">\n'));
  expect(await screen.findByText("<script>window.hacked=1</script>")).toBeDefined();
  expect(container.querySelectorAll("script, img")).toHaveLength(0);
});

test("the reader is told that the log is complete, and how to get it whole", async () => {
  show(completeLog("one\n"));
  expect(await screen.findByText("Attempt 1, complete: 4 B.")).toBeDefined();
  const link = screen.getByRole("link", { name: "Download" });
  expect(link.getAttribute("href")).toBe("v1/namespaces/team-a/log?job=uid-1&attempt=1");
  expect(link.getAttribute("download")).toBe("fit-1.log");
});

test("a log that is not there yet says what it waits for", async () => {
  const logs = new FakeLogs();
  logs.isThere = false;
  const edge = { ...logs.edge, sleep: () => new Promise<void>(() => undefined) };
  show(logs, edge);
  expect(await screen.findByText(/There is no log yet. It appears here/)).toBeDefined();
});

test("a search counts the lines, marks what it found and walks through them", async () => {
  const { container } = show(completeLog("alpha\nbeta\nalphabet\n"));
  await screen.findByText("alpha");
  const user = userEvent.setup();
  await user.type(screen.getByRole("searchbox", { name: "Search in the log" }), "alpha");
  await waitFor(() => expect(screen.getByLabelText("Lines found").textContent).toBe("1 of 2"));
  expect([...container.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["alpha", "alpha"]);
  await user.keyboard("{Enter}");
  expect(screen.getByLabelText("Lines found").textContent).toBe("2 of 2");
  expect(container.querySelector(".log-line-chosen")?.textContent).toBe("alphabet");
});

test("a very long line is cut, and can be seen whole", async () => {
  show(completeLog(`${"y".repeat(5_000)}\n`));
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /3,000 more characters/ }));
  expect(screen.getByRole("dialog", { name: "The whole line" }).textContent).toContain("y".repeat(5_000));
});

test("the size of a growing log is not read out with every line", async () => {
  const logs = new FakeLogs();
  logs.write("one\n");
  show(logs, { ...logs.edge, sleep: () => new Promise<void>(() => undefined) });
  expect((await screen.findByText(/^Attempt 1, live:/)).getAttribute("aria-live")).toBe("off");
});

function WhileSignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  return session.data ? children : session.data === null && <p>Nobody is signed in</p>;
}

test("a session that has ended is noticed by a log too, so that the reader can sign in again", async () => {
  let isOver = false;
  const store = new FakeStore().on("GET", "v1/session", () =>
    isOver ? refuse(401, "Unauthenticated", "Nobody is signed in.") : aSession(),
  );
  const logs = new FakeLogs();
  logs.listTroubles = ["broken", 401];
  logs.meanwhile = () => {
    isOver = true;
  };
  renderPage(
    <WhileSignedIn>
      <LogView namespace="team-a" job="uid-1" edge={logs.edge} />
    </WhileSignedIn>,
    store,
  );
  expect(await screen.findByText("Nobody is signed in")).toBeDefined();
});
