import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import type { GateItem } from "../../src/api/types";
import Approval from "../../src/pages/approvals/Approval";
import { aGate, aSession } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { renderPage } from "../rendering";
import { aLeftFile, HOSTILE } from "./builders";

const GATE = "v1/namespaces/team-a/approvals/deploy-gate-1";
const FILES = "v1/namespaces/team-a/dags/analyse-7f3/files";

function aStore(gate: GateItem): FakeStore {
  return new FakeStore()
    .on("GET", "v1/session", aSession())
    .on("GET", GATE, gate)
    .on("GET", FILES, { items: [aLeftFile()], total: 1 });
}
function show(store: FakeStore) {
  renderPage(<Approval namespace="team-a" name="deploy-gate-1" />, store);
}

// A chunk of its own, whose loading is none of a test's time.
beforeAll(() => import("../../src/parts/MarkdownRenderer"));

describe("the page of a gate", () => {
  it("says who asks what, and how many have approved", async () => {
    show(aStore(aGate({ requestedBy: "rob", requiredApprovals: 2 })));
    expect(await screen.findByText("Shall this go out?")).toBeTruthy();
    expect(screen.getByText("rob")).toBeTruthy();
    expect(screen.getByText("0 of 2")).toBeTruthy();
  });

  it("sends the verdict with the comment only after it was confirmed by name", async () => {
    const store = aStore(aGate());
    const decided = aGate({
      phase: "Approved",
      mayDecide: false,
      decisions: [{ user: "ada@example.com", verdict: "Approve", comment: "fine" }],
    });
    store.on("POST", `${GATE}/decision`, () => {
      store.on("GET", GATE, decided);
      return decided;
    });
    const person = userEvent.setup();
    show(store);
    await person.type(await screen.findByLabelText("Comment (optional)"), "fine");
    await person.click(screen.getByRole("button", { name: "Approve" }));
    expect(store.askedFor("POST", `${GATE}/decision`)).toHaveLength(0);
    const dialog = await screen.findByRole("dialog", { name: "Approve “deploy”?" });
    await person.click(within(dialog).getByRole("button", { name: "Approve deploy" }));
    await screen.findByText("You approved deploy.");
    const [asked] = store.askedFor("POST", `${GATE}/decision`);
    expect(asked?.body).toEqual({ verdict: "Approve", comment: "fine" });
    expect(asked?.headers["X-Titan-CSRF"]).toBe("csrf-1");
    expect(await screen.findByText("You approved this. It is decided now.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Reject" })).toBeNull();
  });

  it("is decided by keyboard alone, comment first, then Approve, then Reject", async () => {
    const store = aStore(aGate());
    store.on("POST", `${GATE}/decision`, aGate({ phase: "Rejected" }));
    const person = userEvent.setup();
    show(store);
    (await screen.findByLabelText("Comment (optional)")).focus();
    await person.keyboard("no");
    await person.tab();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Approve" }));
    await person.tab();
    await person.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "Reject “deploy”?" });
    within(dialog).getByRole("button", { name: "Reject deploy" }).focus();
    await person.keyboard("{Enter}");
    await waitFor(() =>
      expect(store.askedFor("POST", `${GATE}/decision`)[0]?.body).toMatchObject({ verdict: "Reject" }),
    );
  });

  it("decides nothing when Ctrl+Enter is pressed in the comment", async () => {
    const store = aStore(aGate());
    const person = userEvent.setup();
    show(store);
    await person.type(await screen.findByLabelText("Comment (optional)"), "well{Control>}{Enter}{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(store.askedFor("POST", `${GATE}/decision`)).toHaveLength(0);
  });

  it("shows why somebody may not decide, and the command for one who may", async () => {
    const store = aStore(aGate({ mayDecide: false, whyNot: "The identity titan-client is shared by many." }));
    const person = userEvent.setup();
    show(store);
    const approve = await screen.findByRole("button", { name: "Approve" });
    expect(approve.getAttribute("aria-disabled")).toBe("true");
    expect(approve.title).toBe("The identity titan-client is shared by many.");
    expect(screen.getByText("titan approve deploy-gate-1 --namespace team-a")).toBeTruthy();
    await person.click(approve);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("shows the store's sentence when somebody else was faster", async () => {
    const store = aStore(aGate());
    store.on("POST", `${GATE}/decision`, () => {
      store.on("GET", GATE, aGate({ phase: "Rejected", decisions: [{ user: "eve", verdict: "Reject", comment: "" }] }));
      return refuse(409, "AlreadyDecided", "The gate deploy-gate-1 is Rejected already, by eve.");
    });
    const person = userEvent.setup();
    show(store);
    await person.click(await screen.findByRole("button", { name: "Approve" }));
    await person.click(await screen.findByRole("button", { name: "Approve deploy" }));
    expect(await screen.findByText("Decided meanwhile: eve rejected this.")).toBeTruthy();
  });

  it("warns where the cluster does not prove who decides", async () => {
    show(aStore(aGate({ unprotected: "the admission policy is missing" })));
    expect(await screen.findByText(/the admission policy is missing/)).toBeTruthy();
  });

  it("shows markdown without running or fetching anything in it", async () => {
    const message = `**Read** ${HOSTILE} [bad](javascript:alert(1)) [good](https://example.com/x) ![spy](https://evil.example/p.png)`;
    show(
      aStore(
        aGate({
          message,
          jobID: HOSTILE,
          requestedBy: HOSTILE,
          whyNot: HOSTILE,
          mayDecide: false,
          decisions: [{ user: HOSTILE, verdict: "Approve", comment: HOSTILE }],
        }),
      ),
    );
    const link = await screen.findByRole("link", { name: "good" });
    expect(link.getAttribute("rel")).toContain("noreferrer");
    expect(link.getAttribute("target")).toBe("_blank");
    expect(screen.queryByRole("link", { name: "bad" })).toBeNull();
    expect(document.querySelectorAll("script, img, iframe, [onerror]")).toHaveLength(0);
    expect(screen.getByText("[picture: spy]")).toBeTruthy();
  });

  it("shows the log at once where the job left no files", async () => {
    show(aStore(aGate()).on("GET", FILES, { items: [], total: 0 }));
    await waitFor(() => expect(screen.getByRole("tab", { name: "Log" }).getAttribute("aria-selected")).toBe("true"));
  });
});
