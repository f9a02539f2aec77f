import { refusalOf } from "./fileNames";
import type { StartTransfer, Transfer } from "./upload";

/** `asking`: there is a file of this name, and the reader has not said yet whether to replace it. */
export type UploadState = "waiting" | "checking" | "asking" | "sending" | "done" | "failed" | "cancelled";
export interface Upload {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: UploadState;
  /** Why it failed. */
  message?: string;
}
export interface Edge {
  /** Whether there is a file of this name; then the reader is asked before it is replaced. */
  exists(name: string): Promise<boolean>;
  start: StartTransfer;
  addressOf(name: string): string;
  csrfToken(): string;
  /** A file has arrived. */
  onArrival(name: string): void;
}

/** Files on their way, one after the other, in the order in which they were chosen. */
export class UploadQueue {
  #uploads: readonly Upload[] = [];
  #files = new Map<number, File>();
  /** Those that may replace a file of their name. */
  #allowed = new Set<number>();
  #transfer: Transfer | undefined;
  #listeners = new Set<() => void>();
  #nextID = 1;

  constructor(private readonly edge: Edge) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  snapshot = (): readonly Upload[] => this.#uploads;

  add(prefix: string, files: Iterable<File>): void {
    const added: Upload[] = [];
    for (const file of files) {
      const name = prefix + file.name;
      const message = refusalOf(name);
      const id = this.#nextID++;
      const start = { id, name, size: file.size, sent: 0 };
      added.push(message === undefined ? { ...start, state: "waiting" } : { ...start, state: "failed", message });
      if (message === undefined) this.#files.set(id, file);
    }
    this.#show([...this.#uploads, ...added]);
    void this.#next();
  }

  /** The reader's answer: replace the file that is there. (Leaving it is `cancel`.) */
  replace(id: number): void {
    if (this.#find(id)?.state !== "asking") return;
    this.#allowed.add(id);
    this.#change(id, { state: "waiting" });
    void this.#next();
  }

  cancel(id: number): void {
    const upload = this.#find(id);
    if (upload === undefined || !isOpen(upload)) return;
    if (upload.state === "sending") this.#transfer?.cancel();
    this.#end(id, { state: "cancelled" });
  }

  /** Takes what has ended off the list. */
  tidy(): void {
    this.#show(this.#uploads.filter(isOpen));
  }

  /** Ends everything: the page is left. */
  close(): void {
    for (const upload of this.#uploads) this.cancel(upload.id);
  }

  async #next(): Promise<void> {
    if (this.#uploads.some((upload) => upload.state === "sending" || upload.state === "checking")) return;
    const next = this.#uploads.find((upload) => upload.state === "waiting");
    if (next === undefined) return;
    if (this.#allowed.has(next.id)) return this.#send(next.id);
    this.#change(next.id, { state: "checking" });
    const isThere = await this.edge.exists(next.name).catch(describe);
    if (this.#find(next.id)?.state !== "checking") return;
    if (isThere === false) return this.#send(next.id);
    if (isThere === true) this.#change(next.id, { state: "asking" });
    else this.#end(next.id, { state: "failed", message: isThere });
    void this.#next();
  }

  #send(id: number): void {
    const [upload, file] = [this.#find(id), this.#files.get(id)];
    if (upload === undefined || file === undefined) return;
    this.#change(id, { state: "sending" });
    this.#transfer = this.edge.start(this.edge.addressOf(upload.name), file, this.edge.csrfToken(), {
      onProgress: (sent) => this.#change(id, { sent }),
      onDone: () => {
        this.#end(id, { state: "done", sent: upload.size });
        this.edge.onArrival(upload.name);
      },
      onFailure: (message) => this.#end(id, { state: "failed", message }),
    });
  }

  #end(id: number, outcome: Partial<Upload>): void {
    this.#files.delete(id);
    this.#change(id, outcome);
    void this.#next();
  }

  #find(id: number): Upload | undefined {
    return this.#uploads.find((upload) => upload.id === id);
  }

  #change(id: number, change: Partial<Upload>): void {
    this.#show(this.#uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  #show(uploads: readonly Upload[]): void {
    this.#uploads = uploads;
    for (const listener of this.#listeners) listener();
  }
}

function isOpen(upload: Upload): boolean {
  return !["done", "failed", "cancelled"].includes(upload.state);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : "The store could not be asked.";
}
