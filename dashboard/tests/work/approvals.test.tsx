import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Approvals from "../../src/pages/approvals/Approvals";
import { aGate } from "../builders";
import { type Asked, FakeStore } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { HOSTILE } from "./builders";

const PATH = "v1/views/approvals";

describe("the list of approvals", () => {
  it("puts what the reader may decide before what waits for somebody else", async () => {
    const gates = [
      aGate({ name: "theirs", jobID: "publish", mayDecide: false, whyNot: "You are not among the approvers." }),
      aGate({ name: "mine" }),
    ];
    renderPage(<Approvals />, new FakeStore().on("GET", PATH, { items: gates, total: 2 }), "/approvals");
    const mine = (await screen.findByRole("heading", { name: "Waiting for you" })).parentElement;
    expect(
      within(mine as HTMLElement)
        .getByRole("link", { name: "deploy" })
        .getAttribute("href"),
    ).toBe("#/approvals/team-a/mine");
    expect(screen.getByText("You are not among the approvers.")).toBeTruthy();
  });

  it("asks only for the namespace of the address", async () => {
    const store = new FakeStore().on("GET", PATH, { items: [], total: 0 });
    renderPage(<Approvals />, store, "/approvals?namespace=team-a");
    expect(await screen.findByText("Nothing waits for a decision")).toBeTruthy();
    expect(store.askedFor("GET", PATH).every((asked) => asked.query.get("namespace") === "team-a")).toBe(true);
  });

  it("tells who decided, when and with which words, and keeps the tab in the address", async () => {
    const decided = aGate({
      phase: "Rejected",
      decidedTime: "2026-05-01T09:00:00Z",
      decisions: [{ user: "eve", verdict: "Reject", comment: HOSTILE, time: "2026-05-01T09:00:00Z" }],
    });
    const store = new FakeStore().on("GET", PATH, ({ query }: Asked) =>
      query.get("phase") === "Decided" ? { items: [decided], total: 1 } : { items: [], total: 0 },
    );
    const person = userEvent.setup();
    renderPage(<Approvals />, store, "/approvals");
    await person.click(await screen.findByRole("tab", { name: "History" }));
    expect(await screen.findByText("eve")).toBeTruthy();
    expect(screen.getByText(HOSTILE)).toBeTruthy();
    expect(document.querySelectorAll("script, img")).toHaveLength(0);
    expect(address()).toBe("/approvals?tab=history");
  });
});
