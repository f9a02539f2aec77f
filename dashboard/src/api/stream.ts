import { withQuery } from "./client";
import type { Changes } from "./types";

/** What the reader is told about the connection. */
export type Connection = "connecting" | "live" | "reconnecting" | "paused";

/** As much of an EventSource as is used; tests bring their own. */
export interface Source {
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}
export interface Edge {
  open(address: string): Source;
  /** Run it after so many milliseconds; the answer takes it back. */
  later(milliseconds: number, run: () => void): () => void;
}
export interface Hearer {
  changed(changes: Changes): void;
  connection(state: Connection): void;
  /** The stream was refused or broke: perhaps the session is over. */
  broke(): void;
}

const CLOSED = 2;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** The store gives a sign every 20 s; one that hangs, or a network that swallows everything, closes no connection. */
const LONGEST_SILENCE = 45_000;
const EVERYTHING: Changes = { items: [], all: true };

/**
 * One stream of changes. The browser itself connects again after a break; after a refusal it gives up, and then this
 * does, more and more patiently, as after a long silence. Whatever may have been missed meanwhile is asked for as `all`.
 */
export class Stream {
  private source: Source | undefined;
  private takeBack: (() => void) | undefined;
  /** Takes back what happens after a silence. */
  private heard: (() => void) | undefined;
  private wait = FIRST_WAIT;
  /** What changes between the first answers and the opening of the stream is missed too. */
  private hasMissed = true;
  private wasOpen = false;

  constructor(
    private readonly edge: Edge,
    private readonly hearer: Hearer,
    private readonly namespace?: string,
  ) {}

  start(): void {
    if (!this.source && !this.takeBack) {
      this.hearer.connection(this.wasOpen ? "reconnecting" : "connecting");
      this.connect();
    }
  }

  /** Nobody looks: the connection is given to others (browsers allow six a host). */
  pause(): void {
    this.stop();
    this.hasMissed = true;
    this.hearer.connection("paused");
  }

  stop(): void {
    this.takeBack?.();
    this.takeBack = undefined;
    this.heard?.();
    this.heard = undefined;
    this.source?.close();
    this.source = undefined;
  }

  private connect(): void {
    const source = this.edge.open(withQuery("v1/views/changes", { namespace: this.namespace }));
    this.source = source;
    this.listen();
    source.onopen = () => {
      this.listen();
      this.wait = FIRST_WAIT;
      this.wasOpen = true;
      this.hearer.connection("live");
      if (this.hasMissed) {
        this.hasMissed = false;
        this.hearer.changed(EVERYTHING);
      }
    };
    source.addEventListener("heartbeat", () => this.listen());
    source.addEventListener("changes", (event) => {
      this.listen();
      this.hearer.changed(JSON.parse(event.data) as Changes);
    });
    source.onerror = () => {
      this.listen();
      this.hasMissed = true;
      this.hearer.connection("reconnecting");
      this.hearer.broke();
      if (source.readyState === CLOSED) {
        this.again();
      }
    };
  }

  /** There was a sign of the other end, or a connection is being made; the silence begins anew. */
  private listen(): void {
    this.heard?.();
    this.heard = this.edge.later(LONGEST_SILENCE, () => {
      this.hasMissed = true;
      this.hearer.connection("reconnecting");
      this.again();
    });
  }

  private again(): void {
    this.stop();
    this.takeBack = this.edge.later(this.wait, () => {
      this.takeBack = undefined;
      this.connect();
    });
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}
