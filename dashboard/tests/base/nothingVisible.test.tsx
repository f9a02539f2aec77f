import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { NothingVisible } from "../../src/app/NothingVisible";
import { aSession } from "../builders";
import { FakeStore } from "../fakeStore";
import { renderPage } from "../rendering";

const NAMESPACES = "v1/views/namespaces";

test("whoever may read no namespace is told so, instead of that nothing was submitted", async () => {
  const store = new FakeStore().on("GET", NAMESPACES, { items: [], all: false });
  renderPage(<NothingVisible session={aSession({ user: "stan" })} />, store, "/dags");
  const note = await screen.findByRole("note");
  expect(note.textContent).toContain("no namespace with DAGs that stan may read");
  expect(note.textContent).toContain("titan-view");
});

test.each([
  ["may read everything, and there is nothing yet", "/dags", { items: [], all: true }],
  ["may read a namespace", "/dags", { items: [{ name: "team", dags: 1 }], all: false }],
])("nothing of the kind is said to somebody who %s", async (_who, address, namespaces) => {
  const store = new FakeStore().on("GET", NAMESPACES, namespaces);
  renderPage(<NothingVisible session={aSession()} />, store, address);
  await waitFor(() => expect(store.askedFor("GET", NAMESPACES)).toHaveLength(1));
  expect(screen.queryByRole("note")).toBeNull();
});
