import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { NothingVisible } from "../../src/app/NothingVisible";
import Dags from "../../src/pages/dags/Dags";
import Overview from "../../src/pages/overview/Overview";
import Services from "../../src/pages/services/Services";
import { aDag, aGate, aJob, anOverview, aSession, someRights } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { address, renderPage } from "../rendering";

const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

test("the overview shows what runs, what waits for the viewer first, what failed and why, room and queue", async () => {
  const store = new FakeStore().on(
    "GET",
    "v1/views/overview",
    anOverview({
      running: [aDag()],
      gates: [
        aGate({ name: "g-other", jobID: "other", mayDecide: false }),
        aGate({ jobID: "mine", message: "Shall this go out?" }),
      ],
      failed: [aDag({ uid: "u2", displayName: "import", phase: "Failed", message: "exit code 1" })],
      capacity: [{ requirement: "GPU", running: 1, waiting: 2, nodes: 1, places: 1 }],
      queue: [aJob({ jobID: "next", phase: "Pending", message: "Waits for a GPU." })],
      queueLength: 9,
    }),
  );
  renderPage(<Overview />, store);
  const waiting = within(await screen.findByRole("region", { name: "Waiting for you" }));
  expect(waiting.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    expect.stringContaining("mine"),
    expect.stringContaining("other"),
  ]);
  const running = within(screen.getByRole("region", { name: "Running now" }));
  expect(running.getByRole("img", { name: "Jobs: 3 succeeded, 2 running, 2 pending" })).toBeDefined();
  expect(within(screen.getByRole("region", { name: "Failed lately" })).getByText(/exit code 1/)).toBeDefined();
  expect(screen.getByText("1 of 1 place taken, 2 waiting")).toBeDefined();
  expect(within(screen.getByRole("region", { name: "Queue" })).getByText("Waits for a GPU.")).toBeDefined();
  expect(screen.getByText("the first 1 of 9")).toBeDefined();
});

const NO_DAGS = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };

test("whoever may read nothing is not told that nothing was submitted: that stands above the page", async () => {
  const store = new FakeStore()
    .on("GET", "v1/views/overview", anOverview({ counts: NO_DAGS }))
    .on("GET", "v1/views/namespaces", { items: [], all: false });
  const session = aSession({ user: "stan" });
  renderPage(
    <>
      <NothingVisible session={session} />
      <Overview />
    </>,
    store,
  );
  expect((await screen.findByRole("note")).textContent).toContain("that stan may read");
  expect(screen.queryByText(/Nothing has been submitted/)).toBeNull();
  expect(screen.queryByText("titan run hello.py")).toBeNull();
});

test("an unused cluster is told what to do", async () => {
  renderPage(<Overview />, new FakeStore().on("GET", "v1/views/overview", anOverview({ counts: NO_DAGS })));
  expect(await screen.findByText("titan run hello.py")).toBeDefined();
});

test("a refusal is shown in the store's words, and can be tried again", async () => {
  const store = new FakeStore().on("GET", "v1/views/overview", () => refuse(403, "Forbidden", "You may list nothing."));
  renderPage(<Overview />, store);
  expect((await screen.findByRole("alert")).textContent).toContain("You may list nothing.");
  store.on("GET", "v1/views/overview", anOverview());
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Running now")).toBeDefined();
});

test("filters of the DAGs are in the address and in the question", async () => {
  const store = new FakeStore().on("GET", "v1/views/dags", { items: [aDag()], total: 1 });
  renderPage(<Dags />, store, "/dags?namespace=team-a&run=r%2F1");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Failed" }));
  await user.click(screen.getByRole("button", { name: "Running" }));
  await user.type(screen.getByRole("searchbox"), "ana");
  await waitFor(() => expect(address()).toContain("search=ana"));
  await waitFor(() => {
    const query = store.askedFor("GET", "v1/views/dags").at(-1)?.query;
    expect(Object.fromEntries(query ?? [])).toMatchObject({
      namespace: "team-a",
      phase: "Running,Failed",
      search: "ana",
      run: "r/1",
    });
  });
  await user.click(screen.getByRole("button", { name: /Agent run r\/1/ }));
  expect(address()).not.toContain("run=");
});

test("pages of DAGs are joined", async () => {
  const dags = Array.from({ length: 30 }, (_, index) => aDag({ uid: `u${index}`, displayName: `dag ${index}` }));
  const store = new FakeStore().on("GET", "v1/views/dags", ({ query }) =>
    query.get("continue") === "p2"
      ? { items: dags.slice(20), total: 30 }
      : { items: dags.slice(0, 20), total: 30, continue: "p2" },
  );
  renderPage(<Dags />, store, "/dags");
  expect(await screen.findByRole("link", { name: "dag 29" })).toBeDefined();
  expect(screen.getByRole("grid", { name: "DAGs" }).getAttribute("aria-rowcount")).toBe("31");
});

test("a filter without results can be taken away", async () => {
  const store = new FakeStore().on("GET", "v1/views/dags", { items: [], total: 0 });
  renderPage(<Dags />, store, "/dags?phase=Failed");
  await userEvent.setup().click(await screen.findByRole("button", { name: "Show all DAGs" }));
  expect(address()).toBe("/dags");
});

test("texts of others are shown as the texts that they are", async () => {
  const hostile = aDag({ displayName: HOSTILE, message: HOSTILE, requestedBy: HOSTILE, agentRunID: HOSTILE });
  const store = new FakeStore().on("GET", "v1/views/dags", { items: [hostile], total: 1 });
  const { container } = renderPage(<Dags />, store, "/dags");
  expect(await screen.findByRole("link", { name: HOSTILE })).toBeDefined();
  expect(container.querySelector("img, script")).toBeNull();
});

test("a service is stopped only after a confirmation, and the list is asked again", async () => {
  const job = aJob({ name: "api-1", jobID: "api", type: "Service", phase: "Serving", address: "10.0.0.1:8080" });
  const store = new FakeStore()
    .on("GET", "v1/views/services", { items: [{ job, ready: true, restarts: 2 }], total: 1 })
    .on("GET", "v1/views/rights", someRights())
    .on("POST", "v1/namespaces/team-a/jobs/api-1/cancel", job);
  renderPage(<Services />, store, "/services");
  const user = userEvent.setup();
  expect(await screen.findByText("10.0.0.1:8080")).toBeDefined();
  expect(screen.getByText("2 restarts")).toBeDefined();
  await waitFor(() => expect(screen.getByRole("button", { name: "Stop" }).getAttribute("aria-disabled")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(store.askedFor("POST", "v1/namespaces/team-a/jobs/api-1/cancel")).toHaveLength(0);
  const lists = store.askedFor("GET", "v1/views/services").length;
  await user.click(screen.getByRole("button", { name: "Stop the service" }));
  expect(await screen.findByText("The service api is being stopped.")).toBeDefined();
  expect(store.askedFor("POST", "v1/namespaces/team-a/jobs/api-1/cancel")).toHaveLength(1);
  await waitFor(() => expect(store.askedFor("GET", "v1/views/services").length).toBeGreaterThan(lists));
});

test("whoever may not stop a service sees why", async () => {
  const job = aJob({ type: "Service", phase: "Serving" });
  const reason = "You may not change jobs in team-a.";
  const store = new FakeStore()
    .on("GET", "v1/views/services", { items: [{ job, ready: false, restarts: 0 }], total: 1 })
    .on("GET", "v1/views/rights", someRights({ "jobs.cancel": { allowed: false, reason } }));
  renderPage(<Services />, store, "/services");
  await waitFor(() => expect(screen.getByRole("button", { name: "Stop" }).title).toBe(reason));
});
