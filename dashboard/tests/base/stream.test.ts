import { expect, test } from "vitest";
import { type Connection, type Source, Stream } from "../../src/api/stream";
import type { Changes } from "../../src/api/types";
import { FakeClock } from "../clocks";

class FakeSource implements Source {
  onopen: ((event: Event) => unknown) | null = null;
  onerror: ((event: Event) => unknown) | null = null;
  readyState = 0;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }
  tell(changes: Changes): void {
    this.hear("changes", JSON.stringify(changes));
  }
  beat(): void {
    this.hear("heartbeat", "{}");
  }
  private hear(type: string, data: string): void {
    this.listeners.get(type)?.(new MessageEvent(type, { data }));
  }
  /** The browser tries again by itself. */
  break(): void {
    this.readyState = 0;
    this.onerror?.(new Event("error"));
  }
  /** The server refused: the browser gives up. */
  refuse(): void {
    this.readyState = 2;
    this.onerror?.(new Event("error"));
  }
}

function aStream() {
  const clock = new FakeClock();
  const sources: FakeSource[] = [];
  const heard: Changes[] = [];
  const states: Connection[] = [];
  let broken = 0;
  const stream = new Stream(
    {
      open: () => {
        const source = new FakeSource();
        sources.push(source);
        return source;
      },
      later: clock.later,
    },
    {
      changed: (changes) => heard.push(changes),
      connection: (state) => states.push(state),
      broke: () => {
        broken += 1;
      },
    },
  );
  stream.start();
  return { stream, clock, sources, heard, states, last: () => sources.at(-1) as FakeSource, broken: () => broken };
}

const ONE: Changes = { items: [{ kind: "TitanDAG", namespace: "a", name: "d" }], all: false };

test("changes are passed on, after whatever was missed before the stream was there", () => {
  const { last, heard, states } = aStream();
  last().open();
  last().tell(ONE);
  expect(heard).toEqual([{ items: [], all: true }, ONE]);
  expect(states).toEqual(["connecting", "live"]);
});

test("after a break everything is asked again, and the session is looked at", () => {
  const { last, heard, states, broken, sources } = aStream();
  last().open();
  last().break();
  expect(broken()).toBe(1);
  last().open();
  expect(heard.map(({ all }) => all)).toEqual([true, true]);
  expect(states.slice(-2)).toEqual(["reconnecting", "live"]);
  expect(sources).toHaveLength(1);
});

test("after a refusal it tries again, more and more patiently, until it is let in", async () => {
  const { last, clock, sources, states } = aStream();
  const waits: (number | undefined)[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    last().refuse();
    waits.push(clock.next);
    await clock.pass(clock.next ?? 0);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  expect(sources).toHaveLength(9);
  last().open();
  expect(states.at(-1)).toBe("live");
});

test("a hidden tab gives the connection back and catches up when it is seen again", () => {
  const { stream, last, heard, states, sources } = aStream();
  last().open();
  stream.pause();
  expect(last().readyState).toBe(2);
  expect(states.at(-1)).toBe("paused");
  stream.start();
  last().open();
  expect(sources).toHaveLength(2);
  expect(heard.at(-1)?.all).toBe(true);
});

test("a stopped stream does not come back", async () => {
  const { stream, last, clock, sources } = aStream();
  last().refuse();
  stream.stop();
  await clock.pass(60_000);
  expect(sources).toHaveLength(1);
});

test("heartbeats keep a silent stream, and without them it is broken and made anew until the store is back", async () => {
  const { last, clock, sources, heard, states } = aStream();
  last().open();
  for (let beats = 0; beats < 5; beats += 1) {
    await clock.pass(40_000);
    last().beat();
  }
  expect([sources.length, states.at(-1)]).toEqual([1, "live"]);
  const hung = last();
  await clock.pass(45_000);
  expect([hung.readyState, states.at(-1)]).toEqual([2, "reconnecting"]);
  for (let tries = 0; tries < 3; tries += 1) {
    await clock.pass(clock.next ?? 0); // It is tried again,
    await clock.pass(clock.next ?? 0); // and that is not answered either.
  }
  expect(sources).toHaveLength(4);
  await clock.pass(clock.next ?? 0);
  last().open();
  expect([sources.length, states.at(-1), heard.at(-1)?.all]).toEqual([5, "live", true]);
});

test("a stream that the browser tries to mend in vain is made anew too", async () => {
  const { last, clock, sources } = aStream();
  last().open();
  last().break();
  await clock.pass(45_000);
  await clock.pass(clock.next ?? 0);
  expect(sources).toHaveLength(2);
});

test("a hidden tab waits for no sign", async () => {
  const { stream, last, clock } = aStream();
  last().open();
  stream.pause();
  expect(clock.next).toBeUndefined();
});
