import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import Dag from "../../src/pages/dag/Dag";
import { aGate, aJob, someRights } from "../builders";
import type { FakeStore } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { aDagDetail, aJobDetail, aStore, JOB } from "./details";

const PAGE = "/dags/team-a/analyse-7f3?view=jobs";

function open(store: FakeStore, tab = "details") {
  return renderPage(<Dag namespace="team-a" name="analyse-7f3" />, store, `${PAGE}&job=analyse-7f3-fit&tab=${tab}`);
}

test("the panel says why the job is where it is, and where its approval is", async () => {
  const job = aJob({ phase: "Pending", attempt: 2, node: "node-9" });
  open(aStore(aDagDetail(), aJobDetail({ job, why: "It waits for a node with a GPU.", gate: aGate() })));
  const panel = within(await screen.findByRole("dialog", { name: "fit" }));
  expect(panel.getByText("It waits for a node with a GPU.")).toBeDefined();
  expect(panel.getByText("attempt 2")).toBeDefined();
  expect(panel.getByRole("link", { name: "Open the approval" }).getAttribute("href")).toBe(
    "#/approvals/team-a/deploy-gate-1",
  );
});

test("the focus goes into the panel, and Escape closes it", async () => {
  open(aStore());
  const heading = await screen.findByRole("heading", { level: 2, name: "fit" });
  expect(document.activeElement).toBe(heading);
  await userEvent.setup().keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "fit" })).toBeNull());
  expect(address()).not.toContain("job=");
});

test("the focus goes back to where the job was opened", async () => {
  renderPage(<Dag namespace="team-a" name="analyse-7f3" />, aStore(), PAGE);
  const row = (await screen.findByText("fit")).closest<HTMLElement>("[role=row]");
  row?.focus();
  const user = userEvent.setup();
  await user.keyboard("{Enter}");
  await user.click(await screen.findByRole("button", { name: "Close the job" }));
  await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
});

test("what the job was asked to do is text, and secrets are names only", async () => {
  const hostile = "<script>window.hacked=1</script>";
  const detail = aJobDetail({
    args: [hostile],
    env: [{ name: "MODE", value: hostile }],
    secrets: ["token"],
    resources: { requests: { cpu: "2" }, limits: { memory: "1Gi" } },
  });
  const { container } = open(aStore(aDagDetail(), detail));
  expect(await screen.findByText(hostile)).toBeDefined();
  expect(screen.getByText("cpu 2")).toBeDefined();
  expect(screen.getByText("token")).toBeDefined();
  expect(container.querySelectorAll("script")).toHaveLength(0);
});

test("attempts are told newest first, each with its log", async () => {
  const attempts = [
    { number: 1, pod: "p-1", nodeName: "node-1", exitCode: 137, reason: "OOMKilled", endTime: "2026-05-01T08:01:00Z" },
    { number: 2, pod: "p-2", nodeName: "node-2" },
  ];
  open(aStore(aDagDetail(), aJobDetail({ attempts })), "attempts");
  const rows = await screen.findAllByRole("rowheader");
  expect(rows.map((row) => row.textContent)).toEqual(["2", "1"]);
  expect(screen.getByText("OOMKilled, exit code 137")).toBeDefined();
  await userEvent.setup().click(screen.getByRole("button", { name: "Log of attempt 1" }));
  expect(address()).toContain("attempt=1");
  expect(address()).toContain("tab=log");
});

test("events are in Kubernetes' own words", async () => {
  const event = {
    time: "2026-05-01T08:00:00Z",
    type: "Warning",
    reason: "FailedScheduling",
    message: "0/3 nodes are available: 3 Insufficient cpu.",
    object: "Pod p-1",
    count: 4,
    source: "default-scheduler",
  };
  open(aStore().on("GET", `${JOB}/events`, { items: [event] }), "events");
  expect(await screen.findByText("0/3 nodes are available: 3 Insufficient cpu.")).toBeDefined();
  expect(screen.getByText("4 times")).toBeDefined();
});

test("without the right to read events and logs the reason is there instead", async () => {
  const no = (what: string) => ({ allowed: false, reason: `You may not read ${what}.` });
  const rights = someRights({ "events.read": no("events"), "logs.read": no("logs") });
  const store = aStore().on("GET", "v1/views/rights", rights);
  open(store, "events");
  expect(await screen.findByText("You may not read events.")).toBeDefined();
  await userEvent.setup().click(screen.getByRole("tab", { name: "Log" }));
  expect(await screen.findByText("You may not read logs.")).toBeDefined();
  expect(store.askedFor("GET", `${JOB}/events`)).toHaveLength(0);
});

test("a service is stopped after a question", async () => {
  const service = aJob({ type: "Service", phase: "Serving", address: "fit.team-a:80" });
  const store = aStore(aDagDetail(), aJobDetail({ job: service })).on("POST", `${JOB}/cancel`, service);
  open(store);
  const user = userEvent.setup();
  const stop = await screen.findByRole("button", { name: "Stop the service" });
  await waitFor(() => expect(stop.getAttribute("aria-disabled")).toBeNull());
  await user.click(stop);
  const question = within(screen.getByRole("dialog", { name: "Stop the service fit?" }));
  await user.click(question.getByRole("button", { name: "Stop the service" }));
  await waitFor(() => expect(store.askedFor("POST", `${JOB}/cancel`)).toHaveLength(1));
});

test("a job that has ended cannot be cancelled, and says so", async () => {
  open(aStore(aDagDetail(), aJobDetail({ job: aJob({ phase: "Succeeded" }) })));
  const button = await screen.findByRole("button", { name: "Cancel the job" });
  expect(button.getAttribute("title")).toBe("The job has ended.");
});

test("the state of a job is read out when it changes, the seconds that pass are not", async () => {
  open(aStore());
  const panel = within(await screen.findByRole("dialog", { name: "fit" }));
  const live = (await panel.findByText("Running")).closest("[aria-live]");
  expect(live?.textContent).toBe("Running");
});
