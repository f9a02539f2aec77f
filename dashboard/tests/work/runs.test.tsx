import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Run from "../../src/pages/runs/Run";
import Runs from "../../src/pages/runs/Runs";
import { aDag, aGate, aJob } from "../builders";
import { FakeStore } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { aRun, aRunDetail, HOSTILE } from "./builders";

const RUN = "v1/namespaces/team-a/runs";

describe("the list of agent runs", () => {
  it("is filtered by phase and id, both in the address", async () => {
    const store = new FakeStore().on("GET", "v1/views/runs", { items: [aRun()], total: 1 });
    const person = userEvent.setup();
    renderPage(<Runs />, store, "/runs");
    const link = await screen.findByRole("link", { name: "run/7" });
    expect(link.getAttribute("href")).toBe("#/runs/team-a/run%2F7");
    await person.click(screen.getByRole("button", { name: "Failed" }));
    expect(address()).toBe("/runs?phase=Failed");
    await screen.findByRole("link", { name: "run/7" });
    expect(store.askedFor("GET", "v1/views/runs").at(-1)?.query.get("phase")).toBe("Failed");
  });

  it("says what an agent run is where there is none", async () => {
    renderPage(<Runs />, new FakeStore().on("GET", "v1/views/runs", { items: [], total: 0 }), "/runs");
    expect(await screen.findByText("No agent runs yet")).toBeTruthy();
  });
});

describe("the page of an agent run", () => {
  const again = aDag({ uid: "uid-dag-3", name: "analyse-9", displayName: "analyse" });
  const detail = aRunDetail({
    stages: [
      { dag: aDag(), iteration: 1, jobs: [aJob()], jobCount: 1 },
      {
        dag: again,
        iteration: 3,
        jobs: [aJob({ name: "analyse-9-fit", uid: "uid-9", dag: "analyse-9" })],
        jobCount: 500,
      },
    ],
  });

  it("shows the stages in their order and says which time it is", async () => {
    const store = new FakeStore().on("GET", RUN, detail);
    renderPage(<Run namespace="team-a" id="run/7" />, store);
    const stages = await screen.findAllByRole("article");
    expect(stages.map((stage) => within(stage).getByRole("heading").textContent)).toEqual([
      "analyse",
      "analyse · 3rd time",
    ]);
    expect(screen.getByText(/1 of 500 jobs are shown/)).toBeTruthy();
    expect(store.askedFor("GET", RUN)[0]?.query.get("id")).toBe("run/7");
  });

  it("puts the chosen logs side by side, keeps the choice in the address and takes it back", async () => {
    const store = new FakeStore()
      .on("GET", RUN, detail)
      .on("GET", "v1/namespaces/team-a/jobs/analyse-9-fit", { job: aJob({ name: "analyse-9-fit", uid: "uid-9" }) });
    const person = userEvent.setup();
    renderPage(<Run namespace="team-a" id="run/7" />, store, "/runs/team-a/run%2F7");
    const button = (await screen.findAllByRole("button", { name: "Log of fit" }))[1];
    await person.click(button as HTMLElement);
    expect(await screen.findByRole("article", { name: "Log of fit" })).toBeTruthy();
    expect(address()).toBe("/runs/team-a/run%2F7?logs=analyse-9-fit");
    await person.click(screen.getByRole("button", { name: "Close the log of analyse-9-fit" }));
    expect(address()).toBe("/runs/team-a/run%2F7");
  });

  it("leads to the gates that wait within the run, and to no others", async () => {
    const gates = [aGate(), aGate({ name: "other", dag: "of-another-run", jobID: "elsewhere" })];
    const store = new FakeStore()
      .on("GET", RUN, { ...detail, run: aRun({ waitingApprovals: 1 }) })
      .on("GET", "v1/views/approvals", { items: gates, total: 2 });
    renderPage(<Run namespace="team-a" id="run/7" />, store);
    const link = await screen.findByRole("link", { name: "deploy" });
    expect(link.getAttribute("href")).toBe("#/approvals/team-a/deploy-gate-1");
    expect(screen.queryByText("elsewhere")).toBeNull();
  });

  it("previews an artifact by its digest, so that it is this run's file", async () => {
    const digest = `sha256:${"c".repeat(64)}`;
    const store = new FakeStore()
      .on("GET", RUN, aRunDetail({ artifacts: [{ key: "result", name: "result.json", digest }] }))
      .on("GET", "v1/namespaces/team-a/blob", () => new Response('{"ok":true}'));
    const person = userEvent.setup();
    renderPage(<Run namespace="team-a" id="run/7" />, store);
    await person.click(await screen.findByRole("button", { name: /^result\.json/ }));
    const field = await screen.findByLabelText<HTMLTextAreaElement>("Content");
    expect(field.value).toBe('{\n  "ok": true\n}');
    expect(store.askedFor("GET", "v1/namespaces/team-a/blob")[0]?.query.get("digest")).toBe(digest);
  });

  it("shows names and messages of strangers as text", async () => {
    const stage = {
      dag: aDag({ displayName: HOSTILE, message: HOSTILE }),
      iteration: 2,
      jobs: [aJob({ jobID: HOSTILE })],
      jobCount: 1,
    };
    const artifacts = [{ key: HOSTILE, name: HOSTILE, digest: "" }];
    renderPage(
      <Run namespace="team-a" id={HOSTILE} />,
      new FakeStore().on("GET", RUN, aRunDetail({ run: aRun({ runID: HOSTILE }), stages: [stage], artifacts })),
    );
    await screen.findByRole("article");
    expect(screen.getAllByText(HOSTILE).length).toBeGreaterThan(3);
    expect(document.querySelectorAll("script, img, [onerror]")).toHaveLength(0);
  });
});
