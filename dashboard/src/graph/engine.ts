/** Asking for a layout: from a worker in the browser, at once in tests. Only the newest question is answered. */

import type { Layout, LayoutRequest } from "./layout";

export interface Order {
  readonly order: number;
  readonly request: LayoutRequest;
}
export interface Answer {
  readonly order: number;
  readonly layout: Layout;
}

export interface LayoutEngine {
  /** Calls `done` once, unless another question comes before the answer. */
  ask(request: LayoutRequest, done: (layout: Layout) => void): void;
  close(): void;
}

/** What of a Worker is used. */
export interface Port {
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  postMessage(order: Order): void;
  terminate(): void;
}

export class WorkerEngine implements LayoutEngine {
  readonly #port: Port;
  #order = 0;

  constructor(port: Port) {
    this.#port = port;
  }

  ask(request: LayoutRequest, done: (layout: Layout) => void): void {
    this.#order += 1;
    const wanted = this.#order;
    this.#port.onmessage = ({ data }) => {
      if (data.order === wanted) done(data.layout);
    };
    this.#port.postMessage({ order: wanted, request });
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.terminate();
  }
}

export function openEngine(): LayoutEngine {
  return new WorkerEngine(new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" }));
}
