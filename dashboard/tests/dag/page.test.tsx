import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import Dag from "../../src/pages/dag/Dag";
import { aDag, someRights } from "../builders";
import { type FakeStore, refuse } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { aDagDetail, aStore, DAG } from "./details";

const PAGE = "/dags/team-a/analyse-7f3";
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

function open(store: FakeStore, query = "?view=jobs") {
  return renderPage(<Dag namespace="team-a" name="analyse-7f3" />, store, PAGE + query);
}

test("the head says what it is, how far it is, who asked for it and what it belongs to", async () => {
  open(
    aStore(aDagDetail({ requestedBy: "ada@example.com", agentRunID: "run/1", message: "Waits for a GPU.", run: 2 })),
  );
  expect(await screen.findByRole("heading", { level: 1, name: "analyse" })).toBeDefined();
  expect(screen.getByText("3/7")).toBeDefined();
  expect(screen.getByText("ada@example.com")).toBeDefined();
  expect(screen.getByText("Waits for a GPU.")).toBeDefined();
  expect(screen.getByRole("link", { name: "run/1" }).getAttribute("href")).toBe("#/runs/team-a/run%2F1");
});

test("a DAG is cancelled after a question, and by nothing less", async () => {
  const store = aStore().on("POST", `${DAG}/cancel`, aDag({ cancelling: true }));
  open(store);
  const user = userEvent.setup();
  const button = await screen.findByRole("button", { name: "Cancel" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  await user.click(button);
  expect(store.askedFor("POST", `${DAG}/cancel`)).toHaveLength(0);
  await user.click(screen.getByRole("button", { name: "Cancel the DAG" }));
  await waitFor(() => expect(store.askedFor("POST", `${DAG}/cancel`)).toHaveLength(1));
  expect(await screen.findByText("The DAG is being cancelled.")).toBeDefined();
});

test("suspend and resume take turns", async () => {
  const store = aStore(aDagDetail({ suspended: true })).on("POST", `${DAG}/resume`, aDag());
  open(store);
  const button = await screen.findByRole("button", { name: "Resume" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  await userEvent.setup().click(button);
  await waitFor(() => expect(store.askedFor("POST", `${DAG}/resume`)).toHaveLength(1));
});

test("a DAG that failed is retried; resubmitting leads to the new one", async () => {
  const failed = aDagDetail({ phase: "Failed", counts: { failed: 1, succeeded: 6 } });
  const store = aStore(failed)
    .on("POST", `${DAG}/retry`, aDag())
    .on("POST", `${DAG}/resubmit`, aDag({ name: "analyse-8aa" }));
  open(store);
  const user = userEvent.setup();
  const retry = await screen.findByRole("button", { name: "Retry" });
  await waitFor(() => expect(retry.getAttribute("aria-disabled")).toBeNull());
  await user.click(retry);
  await waitFor(() => expect(store.askedFor("POST", `${DAG}/retry`)).toHaveLength(1));
  await user.click(screen.getByRole("button", { name: "Resubmit" }));
  await waitFor(() => expect(address()).toBe("/dags/team-a/analyse-8aa"));
});

test("what makes no sense now says why; nothing is sent", async () => {
  const store = aStore(aDagDetail({ phase: "Succeeded", counts: { succeeded: 7 } }));
  open(store);
  const user = userEvent.setup();
  const cancel = await screen.findByRole("button", { name: "Cancel" });
  expect(cancel.getAttribute("title")).toBe("The DAG has ended.");
  expect(screen.getByRole("button", { name: "Retry" }).getAttribute("title")).toBe(
    "Everything in the DAG has succeeded.",
  );
  await user.click(cancel);
  expect(store.asked.some((asked) => asked.method === "POST")).toBe(false);
});

test("what the viewer may not do is disabled with the reason and the command", async () => {
  const reason = "You may not create titandags in team-a.";
  const rights = someRights({ "dags.resubmit": { allowed: false, reason, command: "titan resubmit NAME" } });
  open(aStore().on("GET", "v1/views/rights", rights));
  expect(await screen.findByText("titan resubmit analyse-7f3")).toBeDefined();
  expect(screen.getByRole("button", { name: "Resubmit" }).getAttribute("title")).toBe(reason);
});

test("a refusal of the store is told in its words", async () => {
  const store = aStore().on("POST", `${DAG}/suspend`, () => refuse(409, "Conflict", "Somebody was faster."));
  open(store);
  const button = await screen.findByRole("button", { name: "Suspend" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  await userEvent.setup().click(button);
  expect(await screen.findByText("Somebody was faster.")).toBeDefined();
});

test("comments are text, whatever is in them, and a new one is sent", async () => {
  const comments = [{ user: HOSTILE, time: "2026-05-01T08:00:00Z", text: HOSTILE }];
  const store = aStore(aDagDetail({ comments })).on("POST", `${DAG}/comments`, aDagDetail());
  const { container } = open(store);
  expect(await screen.findAllByText(HOSTILE)).toHaveLength(2);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: "Add a comment" }), "Looks good.");
  await user.click(screen.getByRole("button", { name: "Add comment" }));
  await waitFor(() => expect(store.askedFor("POST", `${DAG}/comments`)[0]?.body).toEqual({ text: "Looks good." }));
});

test("the view, its filters and the open job are in the address", async () => {
  const store = aStore();
  open(store, "?view=jobs&phase=Running&search=fi&group=fold:FanOut:w-0");
  await screen.findByRole("grid", { name: "Jobs" });
  const asked = store.askedFor("GET", `${DAG}/jobs`).at(-1)?.query;
  expect(Object.fromEntries(asked ?? [])).toMatchObject({ phase: "Running", search: "fi", group: "fold:FanOut:w-0" });
  const user = userEvent.setup();
  await user.click(within(screen.getByRole("grid", { name: "Jobs" })).getByText("fit"));
  expect(address()).toContain("job=analyse-7f3-fit");
  await user.click(screen.getByRole("tab", { name: "Time-line" }));
  expect(address()).toContain("view=timeline");
  expect(await screen.findByRole("grid", { name: "Time-line of the jobs" })).toBeDefined();
});

test("a DAG that is not there says so", async () => {
  open(aStore().on("GET", DAG, () => refuse(404, "NotFound", "There is no DAG analyse-7f3.")));
  expect((await screen.findByRole("alert")).textContent).toContain("There is no DAG analyse-7f3.");
});

test("a DAG that is not there is named, and the list is a step away", async () => {
  open(aStore().on("GET", DAG, () => refuse(404, "NotFound", "There is no DAG analyse-7f3 in namespace team-a.")));
  expect((await screen.findByRole("alert")).textContent).toContain("There is no DAG");
  expect(screen.getByRole("heading", { level: 1, name: "analyse-7f3" })).toBeDefined();
  expect(screen.getByRole("link", { name: "DAGs" }).getAttribute("href")).toBe("#/dags?namespace=team-a");
  expect(document.title).toBe("analyse-7f3 · Titan");
});

test.each(["jobs", "files", "timeline"])("what could not be asked for is not called empty: %s", async (view) => {
  const store = aStore();
  for (const part of ["jobs", "files"]) store.on("GET", `${DAG}/${part}`, () => refuse(403, "Forbidden", "Not yours."));
  open(store, `?view=${view}`);
  expect((await screen.findByRole("alert")).textContent).toContain("Not yours.");
  expect(screen.queryByText(/There are no jobs|No job has been created|No files were left/)).toBeNull();
});
