import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Key } from "../../src/api/keys";
import { Refresher } from "../../src/api/refresh";
import type { Change, Changes } from "../../src/api/types";
import { FakeClock } from "../clocks";

const KEY: Key = ["dags", { namespace: "a" }];
const OTHER: Key = ["dags", { namespace: "b" }];

function changed(...items: Change[]): Changes {
  return { items, all: false };
}
const DAG = changed({ kind: "TitanDAG", namespace: "a", name: "d" });

/** A page that shows the answers to some questions, and how often each was asked. */
async function aPage(...keys: Key[]) {
  const clock = new FakeClock();
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const counts = new Map<Key, number>();
  const answering: (() => void)[] = [];
  let isSlow = false;
  const leaving = keys.map((key) =>
    new QueryObserver(queries, {
      queryKey: key,
      queryFn: async () => {
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (isSlow) {
          await new Promise<void>((resolve) => answering.push(resolve));
        }
        return counts.get(key);
      },
    }).subscribe(() => undefined),
  );
  await clock.pass(0);
  return {
    clock,
    queries,
    refresher: new Refresher(queries, clock),
    count: (key: Key) => counts.get(key) ?? 0,
    slow: () => {
      isSlow = true;
    },
    answer: () => answering.splice(0).forEach((resolve) => void resolve()),
    leave: () => leaving.forEach((end) => void end()),
  };
}

test("the first change is asked about at once, and those that follow closely together", async () => {
  const page = await aPage(KEY);
  page.refresher.hear(DAG);
  await page.clock.pass(0);
  expect(page.count(KEY)).toBe(2);
  for (let time = 0; time < 200; time += 20) {
    page.refresher.hear(DAG);
    await page.clock.pass(20);
  }
  expect(page.count(KEY)).toBe(2);
  await page.clock.pass(250);
  expect(page.count(KEY)).toBe(3);
  await page.clock.pass(1_000);
  expect(page.count(KEY)).toBe(3);
});

test("only what the change concerns is asked about", async () => {
  const page = await aPage(KEY, OTHER);
  page.refresher.hear(DAG);
  await page.clock.pass(0);
  expect([page.count(KEY), page.count(OTHER)]).toEqual([2, 1]);
});

test("everything is asked again when something may have been missed", async () => {
  const page = await aPage(KEY, OTHER, ["files", { namespace: "a" }]);
  page.refresher.hear({ items: [], all: true });
  await page.clock.pass(0);
  expect([page.count(KEY), page.count(OTHER)]).toEqual([2, 2]);
});

test("a change during a slow answer interrupts nothing and is not lost", async () => {
  const page = await aPage(KEY);
  page.slow();
  page.refresher.hear(DAG);
  await page.clock.pass(0);
  page.refresher.hear(DAG);
  await page.clock.pass(300);
  await page.clock.pass(300);
  expect(page.count(KEY)).toBe(2);
  page.answer();
  await page.clock.pass(0);
  await page.clock.pass(page.clock.next ?? 0);
  await page.clock.pass(page.clock.next ?? 0);
  expect(page.count(KEY)).toBe(3);
});

test("a question that takes long is asked more rarely", async () => {
  const page = await aPage(KEY);
  page.slow();
  page.refresher.hear(DAG);
  await page.clock.pass(1_000);
  page.answer();
  await page.clock.pass(0);
  page.refresher.hear(DAG);
  expect(page.clock.next).toBe(3_000);
});

test("what nobody shows is not asked but counts as old", async () => {
  const page = await aPage(KEY);
  page.leave();
  page.refresher.hear(DAG);
  await page.clock.pass(1_000);
  expect(page.count(KEY)).toBe(1);
  expect(page.queries.getQueryCache().find({ queryKey: KEY })?.isStale()).toBe(true);
});
