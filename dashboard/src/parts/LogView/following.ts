/** Reading a log from the store: what there is of it, a part of it, or all from an offset on while it grows. */

export interface LogAddress {
  readonly namespace: string;
  /** uid of the TitanJob. */
  readonly job: string;
  /** Absent: the newest. */
  readonly attempt: number | undefined;
}

/** What the reader needs from its surroundings. */
export interface LogEdge {
  fetch(address: string, init: { signal: AbortSignal }): Promise<Response>;
  /** Ends early when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface LogItem {
  readonly attempt: number;
  readonly size: number;
  readonly complete: boolean;
}

export type LogNews =
  | { readonly kind: "bytes"; readonly data: Uint8Array }
  /** The store has begun to answer, with the log of this attempt. */
  | { readonly kind: "open"; readonly attempt: number | undefined }
  | { readonly kind: "waiting" }
  | { readonly kind: "broken" }
  | { readonly kind: "complete" };

/** The store's own sentence about why a log cannot be read. */
export class LogRefused extends Error {}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** The attempts that have a log, oldest first; asked for until there is an answer. Raises LogRefused. */
export async function listLogs(
  edge: LogEdge,
  log: LogAddress,
  signal: AbortSignal,
  tell: (news: LogNews) => void,
): Promise<LogItem[]> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const response = await edge.fetch(`${base(log)}/logs?job=${encodeURIComponent(log.job)}`, { signal });
      if (response.ok) return ((await response.json()) as { items: LogItem[] }).items;
      if (!isPassing(response.status)) throw new LogRefused((await readError(response)).message);
    } catch (error) {
      if (signal.aborted || error instanceof LogRefused) throw error;
    }
    tell({ kind: "broken" });
    await edge.sleep(pause, signal);
    signal.throwIfAborted();
  }
}

/** The bytes between two offsets. The store sends to the end, so reading stops when there is enough. */
export async function readPart(
  edge: LogEdge,
  log: LogAddress,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const ending = new AbortController();
  const response = await edge.fetch(logAddress(log, start, false), {
    signal: AbortSignal.any([signal, ending.signal]),
  });
  if (!response.ok || !response.body) throw new LogRefused((await readError(response)).message);
  const part = new Uint8Array(end - start);
  const reader = response.body.getReader();
  let filled = 0;
  while (filled < part.length) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(0, part.length - filled);
    part.set(piece, filled);
    filled += piece.length;
  }
  ending.abort();
  return part.subarray(0, filled);
}

/** Tell all bytes from the offset on until the log is complete; goes on by itself after every break. */
export async function followLog(
  edge: LogEdge,
  log: LogAddress,
  offset: number,
  signal: AbortSignal,
  tell: (news: LogNews) => void,
): Promise<void> {
  let address = log;
  let next = offset;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const response = await edge.fetch(logAddress(address, next, true), { signal });
      if (response.ok) {
        const attempt = Number(response.headers.get("X-Titan-Attempt")) || address.attempt;
        address = { ...address, attempt };
        tell({ kind: "open", attempt });
        const before = next;
        for await (const data of piecesOf(response)) {
          next += data.length;
          tell({ kind: "bytes", data });
        }
        if (response.headers.get("X-Titan-Log-Complete") === "true") {
          tell({ kind: "complete" });
          return;
        }
        if (next > before) pause = FIRST_PAUSE;
      } else {
        const { code, message } = await readError(response);
        if (code === "LogNotFound") tell({ kind: "waiting" });
        else if (!isPassing(response.status)) throw new LogRefused(message);
        else tell({ kind: "broken" });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LogRefused) throw error;
      tell({ kind: "broken" });
    }
    await edge.sleep(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** Whether the same question may be answered in a moment. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 429;
}

/** Where the whole log can be downloaded, or read from an offset on. */
export function logAddress(log: LogAddress, offset: number, follow: boolean): string {
  const query = new URLSearchParams({ job: log.job });
  if (log.attempt !== undefined) query.set("attempt", String(log.attempt));
  if (offset > 0) query.set("offset", String(offset));
  if (follow) query.set("follow", "true");
  return `${base(log)}/log?${query}`;
}

function base(log: LogAddress): string {
  return `v1/namespaces/${encodeURIComponent(log.namespace)}`;
}

async function* piecesOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) yield piece.value;
}

async function readError(response: Response): Promise<{ code: string; message: string }> {
  const fallback = { code: "", message: `The store answered ${response.status}.` };
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string } };
    return { code: body.error?.code ?? "", message: body.error?.message ?? fallback.message };
  } catch {
    // A proxy in between answers with its own pages.
    return fallback;
  }
}
