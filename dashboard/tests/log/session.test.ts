import { expect, test, vi } from "vitest";
import { LogSession, PART_BYTES } from "../../src/parts/LogView/session";
import { lineAt } from "../../src/parts/LogView/window";
import { FakeLogs } from "./fakeLogs";

const LINE = `${"x".repeat(99)}\n`;

function open(logs: FakeLogs, attempt?: number): LogSession {
  const session = new LogSession(logs.edge, { namespace: "team a", job: "uid-1", attempt });
  session.start();
  return session;
}

function lines(session: LogSession): string[] {
  const { window } = session.snapshot();
  return Array.from({ length: window.lineCount }, (_, index) => lineAt(window, index));
}

function until(session: LogSession, state: string): Promise<void> {
  return vi.waitFor(() => expect(session.snapshot().state).toBe(state));
}

test("a log that is complete is read once, from its beginning, and then nothing more is asked", async () => {
  const logs = new FakeLogs();
  logs.write("one\ntwo\n");
  logs.isComplete = true;
  const session = open(logs);
  await until(session, "complete");
  expect(lines(session)).toEqual(["one", "two"]);
  session.start();
  expect(logs.asked).toEqual([
    "v1/namespaces/team%20a/logs?job=uid-1",
    "v1/namespaces/team%20a/log?job=uid-1&attempt=1&follow=true",
  ]);
});

test("a follow that ends is gone on with from the byte where it was, until the log is complete", async () => {
  const logs = new FakeLogs();
  logs.write("one\ntw");
  logs.meanwhile = () => {
    logs.write("o\nthree\n");
    logs.isComplete = true;
  };
  const session = open(logs);
  await until(session, "complete");
  expect(lines(session)).toEqual(["one", "two", "three"]);
  expect(logs.asked.at(-1)).toContain("offset=6");
});

test("after a broken connection not a byte is missing or there twice", async () => {
  const logs = new FakeLogs();
  logs.write(LINE.repeat(5_000));
  logs.breaksAfter = 131_072;
  logs.isComplete = true;
  const session = open(logs);
  await until(session, "complete");
  expect(lines(session)).toHaveLength(5_000);
  expect(session.snapshot().window.end).toBe(logs.bytes.length);
});

test("while the store is away the reader is told so, and pauses grow", async () => {
  const logs = new FakeLogs();
  logs.write("one\n");
  logs.isComplete = true;
  logs.troubles = ["broken", 503, 429];
  const seen = new Set<string>();
  const session = open(logs);
  session.subscribe(() => seen.add(session.snapshot().state));
  await until(session, "complete");
  expect(seen).toContain("broken");
  expect(logs.pauses).toEqual([500, 1_000, 2_000]);
});

test("a log that does not exist yet is waited for", async () => {
  const logs = new FakeLogs();
  logs.isThere = false;
  const seen = new Set<string>();
  logs.meanwhile = () => {
    logs.isThere = true;
    logs.isComplete = true;
    logs.write("at last\n");
  };
  const session = open(logs);
  session.subscribe(() => seen.add(session.snapshot().state));
  await until(session, "complete");
  expect(seen).toContain("waiting");
  expect(lines(session)).toEqual(["at last"]);
});

test("a refusal is told in the store's words and ends it", async () => {
  const logs = new FakeLogs();
  logs.write("one\n");
  logs.troubles = [403];
  const session = open(logs);
  await until(session, "failed");
  expect(session.snapshot().message).toBe("Trouble of status 403.");
});

test("a long log begins with its last part, at the beginning of a line; earlier parts are read on demand", async () => {
  const logs = new FakeLogs();
  logs.write(LINE.repeat(50_000));
  logs.isComplete = true;
  const session = open(logs);
  await until(session, "complete");
  const first = session.snapshot().window;
  expect(first.start).toBeGreaterThanOrEqual(logs.bytes.length - PART_BYTES);
  expect(first.start % LINE.length).toBe(0);
  session.loadEarlier();
  await vi.waitFor(() => expect(session.snapshot().isLoading).toBe(false));
  session.loadEarlier();
  await vi.waitFor(() => expect(session.snapshot().window.start).toBe(0));
  expect(lines(session)).toHaveLength(50_000);
  expect(lines(session).every((line) => line.length === 99)).toBe(true);
});

test("far back in a log of 100 MB the newest part is let go; the end is one step away", async () => {
  const logs = new FakeLogs();
  logs.write(LINE.repeat(1_000_000));
  logs.isComplete = true;
  const session = open(logs);
  await until(session, "complete");
  for (let steps = 0; !session.snapshot().isDetached && steps < 20; steps += 1) {
    session.loadEarlier();
    await vi.waitFor(() => expect(session.snapshot().isLoading).toBe(false));
  }
  const { window, isDetached } = session.snapshot();
  expect(isDetached).toBe(true);
  expect(window.end - window.start).toBeLessThanOrEqual(20 * 2 ** 20);
  session.loadLater();
  await vi.waitFor(() => expect(session.snapshot().isLoading).toBe(false));
  expect(session.snapshot().window.end).toBeGreaterThan(window.end);
  session.goToEnd();
  await until(session, "complete");
  expect(session.snapshot().window.end).toBe(logs.bytes.length);
});

test("the newest attempt is the one that is read; another one when it is asked for", async () => {
  const logs = new FakeLogs();
  logs.attempt = 3;
  logs.write("third\n");
  logs.isComplete = true;
  const newest = open(logs);
  await until(newest, "complete");
  expect(newest.snapshot().attempt).toBe(3);
  logs.attempt = 2;
  const second = open(logs, 2);
  await until(second, "complete");
  expect(logs.asked.at(-1)).toContain("attempt=2");
});

test("a log that is opened while the store is away begins as soon as it is back", async () => {
  const logs = new FakeLogs();
  logs.write("one\n");
  logs.isComplete = true;
  logs.listTroubles = ["broken", 503, 429];
  const session = open(logs);
  await until(session, "complete");
  expect(lines(session)).toEqual(["one"]);
  expect(logs.pauses).toHaveLength(3);
});

test("a log that may not be read says so at once", async () => {
  const logs = new FakeLogs();
  logs.listTroubles = [403];
  const session = open(logs);
  await until(session, "failed");
  expect(session.snapshot().message).toBe("Trouble of status 403.");
  expect(logs.pauses).toHaveLength(0);
});
