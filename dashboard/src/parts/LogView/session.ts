/**
 * One log as somebody reads it: begins with its last part, grows with it, goes backwards on demand.
 *
 * A store outside of React: the page subscribes and gets frozen snapshots. While the reader is far back in a long log
 * (`isDetached`), the newest part is let go and the log is not followed; going to the end begins anew there.
 */

import { followLog, type LogAddress, type LogEdge, type LogNews, LogRefused, listLogs, readPart } from "./following";
import { append, emptyWindow, type LogWindow, prepend, trimEnd, trimStart } from "./window";

export type LogState = "connecting" | "waiting" | "live" | "broken" | "complete" | "failed";

export interface LogSnapshot {
  readonly window: LogWindow;
  readonly state: LogState;
  /** The store's sentence when the state is failed. */
  readonly message: string;
  readonly attempt: number | undefined;
  readonly isDetached: boolean;
  readonly isLoading: boolean;
  /** Why the last step backwards or forwards went wrong, "" if it did not. */
  readonly loadError: string;
}

/** So much is read at first, and with each step backwards or forwards. */
export const PART_BYTES = 2 * 2 ** 20;
/** Where a window begins within a line that has no end up to here, it begins with a part of a line. */
const SKIPPED_BYTES = 2 ** 18;
const NEWLINE = 10;

export class LogSession {
  #snapshot: LogSnapshot;
  #listeners = new Set<() => void>();
  #running: AbortController | undefined;
  /** The window began within a line: drop at most so many bytes up to the next line. */
  #toSkip = 0;
  readonly #edge: LogEdge;
  readonly #log: LogAddress;

  constructor(edge: LogEdge, log: LogAddress) {
    this.#edge = edge;
    this.#log = log;
    this.#snapshot = {
      window: emptyWindow(0),
      state: "connecting",
      message: "",
      attempt: log.attempt,
      isDetached: false,
      isLoading: false,
      loadError: "",
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  /** The log that is read, with the attempt that was found to be the newest. */
  get address(): LogAddress {
    return { ...this.#log, attempt: this.#snapshot.attempt };
  }

  /** Begin, or go on after `stop` from where it was. */
  readonly start = (): void => {
    if (
      this.#running ||
      this.#snapshot.isDetached ||
      this.#snapshot.state === "complete" ||
      this.#snapshot.state === "failed"
    )
      return;
    const running = new AbortController();
    this.#running = running;
    void this.#guard(running, this.#read(running.signal));
  };

  readonly stop = (): void => {
    this.#running?.abort();
    this.#running = undefined;
  };

  /** Read the part in front of the window. */
  readonly loadEarlier = (): void => {
    const { window, isLoading } = this.#snapshot;
    if (window.start === 0 || isLoading) return;
    const start = Math.max(window.start - PART_BYTES, 0);
    void this.#load(start, window.start, (bytes) => {
      const held = this.#snapshot.window;
      const longer = prepend(held, bytes, start === 0);
      const shorter = trimEnd(longer);
      if (shorter !== longer) this.stop();
      this.#change({ window: shorter, isDetached: this.#snapshot.isDetached || shorter !== longer });
    });
  };

  /** Read the part behind the window, of a log that is not followed. */
  readonly loadLater = (): void => {
    const { window, isDetached, isLoading } = this.#snapshot;
    if (!isDetached || isLoading) return;
    void this.#load(window.end, window.end + PART_BYTES, (bytes) => {
      this.#change({ window: trimStart(append(this.#snapshot.window, bytes)) });
      if (bytes.length < PART_BYTES) this.#follow();
    });
  };

  /** Leave what was read and begin at the end again. */
  readonly goToEnd = (): void => {
    if (!this.#snapshot.isDetached) return;
    this.stop();
    this.#toSkip = 0;
    this.#change({ window: emptyWindow(0), state: "connecting", isDetached: false });
    this.start();
  };

  #follow(): void {
    this.stop();
    this.#change({ isDetached: false, state: "connecting" });
    this.start();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const tell = (news: LogNews) => {
      if (!signal.aborted) this.#hear(news);
    };
    if (this.#snapshot.window.end === 0) await this.#findStart(signal, tell);
    await followLog(this.#edge, this.address, this.#snapshot.window.end, signal, tell);
  }

  async #findStart(signal: AbortSignal, tell: (news: LogNews) => void): Promise<void> {
    const items = await listLogs(this.#edge, this.#log, signal, tell);
    const item = this.#log.attempt ? items.find((each) => each.attempt === this.#log.attempt) : items.at(-1);
    if (signal.aborted) return;
    if (!item) {
      this.#change({ state: "waiting" });
      return;
    }
    const start = Math.max(item.size - PART_BYTES, 0);
    this.#toSkip = start > 0 ? SKIPPED_BYTES : 0;
    this.#change({ window: emptyWindow(start), attempt: item.attempt });
  }

  #hear(news: LogNews): void {
    if (news.kind === "bytes") this.#take(news.data);
    else if (news.kind === "open") this.#change({ state: "live", attempt: news.attempt });
    else this.#change({ state: news.kind });
  }

  #take(data: Uint8Array): void {
    const { window } = this.#snapshot;
    if (this.#toSkip === 0) {
      this.#change({ window: trimStart(append(window, data)) });
      return;
    }
    const line = data.indexOf(NEWLINE) + 1;
    const skipped = line || Math.min(data.length, this.#toSkip);
    this.#toSkip = line ? 0 : this.#toSkip - skipped;
    this.#change({ window: append(emptyWindow(window.end + skipped), data.subarray(skipped)) });
  }

  async #load(start: number, end: number, take: (bytes: Uint8Array) => void): Promise<void> {
    this.#change({ isLoading: true, loadError: "" });
    try {
      take(await readPart(this.#edge, this.address, start, end, new AbortController().signal));
    } catch (error) {
      this.#change({ loadError: sentenceOf(error) });
    }
    this.#change({ isLoading: false });
  }

  async #guard(running: AbortController, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!running.signal.aborted) this.#change({ state: "failed", message: sentenceOf(error) });
    }
    if (this.#running === running) this.#running = undefined;
  }

  #change(change: Partial<LogSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof LogRefused ? error.message : "The store cannot be reached.";
}
