import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Client } from "../../src/api/client";
import { ClientContext } from "../../src/api/context";
import { EdgeContext } from "../../src/api/live";
import type { Edge } from "../../src/api/stream";
import { Tabs, TabsContext } from "../../src/api/tabs";
import { App } from "../../src/app/App";
import { go } from "../../src/app/location";
import { anOverview, aSession } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { address } from "../rendering";

const SILENT: Edge = {
  open: () => ({
    onopen: null,
    onerror: null,
    readyState: 0,
    addEventListener: () => undefined,
    close: () => undefined,
  }),
  later: () => () => undefined,
};
const NO_SESSION = () => refuse(401, "Unauthenticated", "Nobody is signed in.");

/** The whole page, with a store where somebody is signed in or not. */
function open(at: string, store: FakeStore) {
  go(at, { replace: true });
  store
    .on("GET", "v1/views/namespaces", { items: [{ name: "team-a", dags: 1 }], all: true })
    .on("GET", "v1/views/approvals", { items: [], total: 2 })
    .on("GET", "v1/views/overview", anOverview())
    .on("GET", "v1/views/dags", { items: [], total: 0 });
  return render(
    <EdgeContext.Provider value={SILENT}>
      <TabsContext.Provider value={new Tabs()}>
        <ClientContext.Provider value={new Client(store.fetch)}>
          <App />
        </ClientContext.Provider>
      </TabsContext.Provider>
    </EdgeContext.Provider>,
  );
}

test("a token signs in, and the page that was wanted opens", async () => {
  const store = new FakeStore().on("GET", "v1/session", NO_SESSION).on("POST", "v1/session", aSession());
  open("/dags?phase=Failed", store);
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("Token"), " a-token ");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "DAGs" })).toBeDefined();
  expect(address()).toBe("/dags?phase=Failed");
  expect(store.askedFor("POST", "v1/session")[0]?.body).toEqual({ token: "a-token" });
  expect(store.askedFor("GET", "v1/views/dags")[0]?.query.get("phase")).toBe("Failed");
});

test("a wrong token is refused in words and can be corrected", async () => {
  const store = new FakeStore()
    .on("GET", "v1/session", NO_SESSION)
    .on("POST", "v1/session", () => refuse(401, "Unauthenticated", "The cluster does not know this token."));
  open("/", store);
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("Token"), "wrong");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The cluster does not know this token.");
  store.on("POST", "v1/session", aSession());
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeDefined();
});

test("a code in the address signs in once and is gone from the address at once", async () => {
  const store = new FakeStore().on("GET", "v1/session", NO_SESSION).on("POST", "v1/session", aSession());
  const entries = window.history.length;
  open("/sign-in?code=one-time", store);
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeDefined();
  expect(store.askedFor("POST", "v1/session").map(({ body }) => body)).toEqual([{ code: "one-time" }]);
  expect(window.location.href).not.toContain("one-time");
  expect(window.history.length).toBe(entries);
  expect(address()).toBe("/");
});

test("a code that is too old says so, and the token field is there", async () => {
  const store = new FakeStore()
    .on("GET", "v1/session", NO_SESSION)
    .on("POST", "v1/session", () => refuse(401, "Unauthenticated", "The code is older than a minute."));
  open("/sign-in?code=old", store);
  expect((await screen.findByRole("alert")).textContent).toContain("older than a minute");
  expect(screen.getByLabelText("Token")).toBeDefined();
});

test("whoever is signed in and opens the sign-in page gets the overview", async () => {
  open("/sign-in", new FakeStore().on("GET", "v1/session", aSession()));
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeDefined();
});

test("a session that has ended meanwhile leads to the sign-in page, and back afterwards", async () => {
  const store = new FakeStore().on("GET", "v1/session", aSession()).on("POST", "v1/session", aSession());
  open("/", store);
  const user = userEvent.setup();
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  store.on("GET", "v1/session", NO_SESSION).on("GET", "v1/views/dags", NO_SESSION);
  await user.click(screen.getByRole("link", { name: "DAGs" }));
  expect(await screen.findByText(/your session has ended/)).toBeDefined();
  store.on("GET", "v1/views/dags", { items: [], total: 0 });
  await user.type(screen.getByLabelText("Token"), "t");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "DAGs" })).toBeDefined();
});

test("signing out forgets what was seen", async () => {
  const store = new FakeStore()
    .on("GET", "v1/session", aSession())
    .on("DELETE", "v1/session", () => new Response(null));
  open("/", store);
  const user = userEvent.setup();
  await screen.findByText("2", { selector: ".badge-loud", exact: false });
  await user.click(screen.getByRole("button", { name: "Sign out", hidden: true }));
  expect(await screen.findByLabelText("Token")).toBeDefined();
  expect(store.askedFor("DELETE", "v1/session")[0]?.headers["X-Titan-CSRF"]).toBe("csrf-1");
});

test("signing out in one tab signs the others out too, but not the dashboard of another cluster", async () => {
  const signedIn = () => new FakeStore().on("GET", "v1/session", aSession());
  const [store, same, foreign] = [signedIn(), signedIn(), signedIn()];
  const tab = within(open("/", store).container);
  const other = within(open("/", same).container);
  const elsewhere = within(open("/", foreign).container);
  for (const each of [tab, other, elsewhere]) await each.findByRole("heading", { level: 1, name: "Overview" });
  store.on("DELETE", "v1/session", () => {
    same.on("GET", "v1/session", NO_SESSION);
    return new Response(null);
  });
  await userEvent.setup().click(tab.getByRole("button", { name: "Sign out", hidden: true }));
  expect(await tab.findByLabelText("Token")).toBeDefined();
  expect(await other.findByLabelText("Token")).toBeDefined();
  await waitFor(() => expect(foreign.askedFor("GET", "v1/session")).toHaveLength(2));
  expect(elsewhere.getByRole("heading", { level: 1, name: "Overview" })).toBeDefined();
  expect(store.askedFor("GET", "v1/session")).toHaveLength(1);
});

test("whom a proxy signs in cannot sign out here", async () => {
  open("/", new FakeStore().on("GET", "v1/session", aSession({ signIn: "proxy" })));
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  expect(screen.queryByRole("button", { name: "Sign out", hidden: true })).toBeNull();
});

test("the chosen namespace is part of the address, of the questions and of the links to other lists", async () => {
  const store = new FakeStore().on("GET", "v1/session", aSession());
  open("/", store);
  const user = userEvent.setup();
  await screen.findByRole("option", { name: "team-a" });
  await user.selectOptions(screen.getByLabelText("Namespace"), "team-a");
  expect(address()).toBe("/?namespace=team-a");
  await waitFor(() => expect(store.askedFor("GET", "v1/views/overview").at(-1)?.query.get("namespace")).toBe("team-a"));
  await user.click(screen.getByRole("link", { name: "DAGs" }));
  expect(address()).toBe("/dags?namespace=team-a");
});

test("keys lead to other pages and to the search field, but not while somebody types", async () => {
  open("/", new FakeStore().on("GET", "v1/session", aSession()));
  const user = userEvent.setup();
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  await user.keyboard("gd");
  const search = await screen.findByRole("searchbox");
  await user.keyboard("/go?");
  expect(document.activeElement).toBe(search);
  expect((search as HTMLInputElement).value).toBe("go?");
  expect(address()).toMatch(/^\/dags/);
});

test("an address without a page says so", async () => {
  open("/nowhere", new FakeStore().on("GET", "v1/session", aSession()));
  expect(await screen.findByText("There is no such page")).toBeDefined();
});

test("a store that is away when the page is opened is asked again until it is back", async () => {
  let left = 5;
  const store = new FakeStore().on("GET", "v1/session", () =>
    left-- > 0 ? refuse(503, "Unavailable", "The store is starting.") : aSession(),
  );
  open("/", store);
  expect(await screen.findByText("The store is starting.", undefined, { timeout: 20_000 })).toBeDefined();
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" }, { timeout: 20_000 })).toBeDefined();
});
