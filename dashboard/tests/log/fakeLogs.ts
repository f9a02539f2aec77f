import type { LogEdge } from "../../src/parts/LogView/following";

/** A store with the log of one job; a follow ends after what is there, as one does at its timeout. */
export class FakeLogs {
  bytes = new Uint8Array(0);
  isThere = true;
  isComplete = false;
  attempt = 1;
  /** Answers that come before the log's own: statuses, or a broken connection. */
  troubles: (number | "broken")[] = [];
  /** The same, before the list of the logs. */
  listTroubles: (number | "broken")[] = [];
  /** A follow breaks after so many bytes. */
  breaksAfter = Number.POSITIVE_INFINITY;
  readonly asked: string[] = [];
  readonly pauses: number[] = [];
  /** Called at each pause: what happens meanwhile. */
  meanwhile: () => void = () => undefined;

  write(text: string): void {
    const more = new TextEncoder().encode(text);
    const all = new Uint8Array(this.bytes.length + more.length);
    all.set(this.bytes);
    all.set(more, this.bytes.length);
    this.bytes = all;
  }

  readonly edge: LogEdge = {
    fetch: async (address, { signal }) => {
      signal.throwIfAborted();
      this.asked.push(address);
      const [path = "", query = ""] = address.split("?");
      return path.endsWith("/logs") ? this.#list() : this.#read(new URLSearchParams(query));
    },
    sleep: async (milliseconds, signal) => {
      this.pauses.push(milliseconds);
      this.meanwhile();
      await Promise.resolve();
      signal.throwIfAborted();
    },
  };

  #list(): Response {
    const trouble = answerOf(this.listTroubles.shift());
    if (trouble) return trouble;
    const item = { attempt: this.attempt, size: this.bytes.length, complete: this.isComplete };
    return Response.json({ items: this.isThere ? [item] : [] });
  }

  #read(query: URLSearchParams): Response {
    const trouble = answerOf(this.troubles.shift());
    if (trouble) return trouble;
    if (!this.isThere) return refuse(404, "LogNotFound", "There is no log.");
    const rest = this.bytes.slice(Number(query.get("offset") ?? 0));
    const headers = { "X-Titan-Attempt": String(this.attempt), "X-Titan-Log-Complete": String(this.isComplete) };
    return new Response(piecesOf(rest, this.breaksAfter), { headers });
  }
}

function answerOf(trouble: number | "broken" | undefined): Response | undefined {
  if (trouble === "broken") throw new TypeError("connection refused");
  return trouble === undefined ? undefined : refuse(trouble, "Trouble", `Trouble of status ${trouble}.`);
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}

function piecesOf(bytes: Uint8Array<ArrayBuffer>, breaksAfter: number): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= breaksAfter) return controller.error(new TypeError("network error"));
      if (sent >= bytes.length) return controller.close();
      const piece = bytes.slice(sent, sent + 65_536);
      sent += piece.length;
      controller.enqueue(piece);
    },
  });
}
