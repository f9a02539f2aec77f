import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Client, type Fetch } from "../../src/api/client";
import { LONG_PATIENCE, PATIENCE } from "../../src/api/patience";
import Overview from "../../src/pages/overview/Overview";
import { anOverview } from "../builders";
import { FakeClock } from "../clocks";
import { FakeStore } from "../fakeStore";
import { renderPage } from "../rendering";

/** A store that took the connection and is stopped: nothing comes, and nothing breaks. */
const HUNG: Fetch = (_, init) =>
  new Promise((_answer, refuse) => {
    init?.signal?.addEventListener("abort", () => refuse(init.signal?.reason));
  });

function asking(ask: (client: Client) => Promise<unknown>, fetch = HUNG) {
  const clock = new FakeClock();
  const answers: unknown[] = [];
  ask(new Client(fetch, clock.later)).then(
    (answer) => answers.push(answer),
    (problem: unknown) => answers.push(problem),
  );
  return { clock, answers };
}

test("a question without any answer becomes an error in words after half a minute", async () => {
  const { clock, answers } = asking((client) => client.get("v1/x"));
  await clock.pass(PATIENCE - 1);
  expect(answers).toEqual([]);
  await clock.pass(1);
  expect(answers).toMatchObject([
    { status: 0, message: expect.stringMatching(/not answered for 30 seconds. The page goes on by itself/) },
  ]);
});

test("of what changes something nobody knows whether it is done, and the sentence says so", async () => {
  const { clock, answers } = asking((client) => client.json("v1/x", { method: "POST" }));
  await clock.pass(PATIENCE);
  expect(answers).toMatchObject([{ message: expect.stringContaining("It may have done what you asked nevertheless") }]);
});

test("what takes long may take long", async () => {
  const { clock, answers } = asking((client) => client.json("v1/x", { method: "POST", patience: LONG_PATIENCE }));
  await clock.pass(LONG_PATIENCE - 1);
  expect(answers).toEqual([]);
  await clock.pass(1);
  expect(answers).toMatchObject([{ message: expect.stringContaining("300 seconds") }]);
});

test("once there is an answer its bytes may take any time", async () => {
  const { clock } = asking((client) => client.raw("v1/x"), new FakeStore().on("GET", "v1/x", {}).fetch);
  await clock.pass(0);
  expect(clock.next).toBeUndefined();
});

test("whoever goes elsewhere ends the question without an error", async () => {
  const leaving = new AbortController();
  const { clock, answers } = asking((client) => client.get("v1/x", leaving.signal));
  leaving.abort();
  await clock.pass(0);
  expect(answers).toMatchObject([{ name: "AbortError" }]);
  expect(clock.next).toBeUndefined();
});

test("the page of a store that hangs says so at once and not after more tries, and tries again when asked", async () => {
  const clock = new FakeClock();
  const store = new FakeStore()
    .on("GET", "v1/views/overview", anOverview())
    .on("GET", "v1/views/namespaces", { items: [{ name: "team", dags: 1 }], all: true });
  let isHung = true;
  let questions = 0;
  const fetch: Fetch = (input, init) => {
    questions += 1;
    return isHung ? HUNG(input, init) : store.fetch(input, init);
  };
  renderPage(<Overview />, { fetch }, "/", clock.later);
  await waitFor(() => expect(questions).toBe(1));
  await clock.pass(PATIENCE);
  expect((await screen.findByRole("alert")).textContent).toContain("not answered for 30 seconds");
  expect(questions).toBe(1);
  isHung = false;
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Running now")).toBeDefined();
});
