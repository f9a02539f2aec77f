import { ApiError, asApiError, readRefusal } from "./errors";
import { type Later, later, PATIENCE, withPatience } from "./patience";
import type { Session } from "./types";

export { ApiError };

/** How the store names the refusal of a request that carries no token, or that of another session. */
const TOKEN_MISSING = "CSRFTokenMissing";

/** What `fetch` does, as far as the client uses it; tests bring their own. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;
export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type QueryValue = string | number | boolean | undefined | null;

export interface Sending {
  method?: Method;
  /** Sent as JSON; bytes and text are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** How long to wait for the beginning of an answer, in milliseconds. */
  patience?: number | undefined;
}

/**
 * The one way to the store. Addresses are relative, so that the page works below any path prefix; the cookie travels
 * by itself, and whatever changes something carries the token against forged requests.
 */
export class Client {
  /** Of the session; without it only reading is possible. */
  csrfToken = "";
  private readonly fetch: Fetch;
  private readonly later: Later;

  constructor(fetch: Fetch = (input, init) => globalThis.fetch(input, init), clock: Later = later) {
    this.fetch = fetch;
    this.later = clock;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.json<T>(path, signal ? { signal } : {});
  }

  /** The JSON of the answer; `undefined` where the store answers without a body. */
  async json<T>(path: string, sending: Sending = {}): Promise<T> {
    const response = await this.raw(path, { ...sending, headers: { Accept: "application/json", ...sending.headers } });
    const text = await readText(response);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  async text(path: string, signal?: AbortSignal): Promise<string> {
    return readText(await this.raw(path, signal ? { signal } : {}));
  }

  /** The response itself, for streams and bytes; a refusal is thrown as ApiError. */
  async raw(path: string, sending: Sending = {}): Promise<Response> {
    try {
      return await this.send(path, sending);
    } catch (problem) {
      if (problem instanceof ApiError && problem.code === TOKEN_MISSING && (await this.hasNewToken())) {
        return this.send(path, sending);
      }
      throw problem;
    }
  }

  private async send(path: string, sending: Sending): Promise<Response> {
    const { method = "GET", signal, patience = PATIENCE } = sending;
    const init = this.prepare(sending);
    const response = await withPatience(patience, (ending) => this.fetch(path, { ...init, signal: ending }), {
      later: this.later,
      signal,
      isReading: method === "GET",
    }).catch((problem: unknown) => {
      throw asApiError(problem);
    });
    if (!response.ok) {
      throw await readRefusal(response);
    }
    return response;
  }

  /** Another tab may have signed in anew: the cookie is common to all tabs, the token is not. */
  private async hasNewToken(): Promise<boolean> {
    const before = this.csrfToken;
    this.csrfToken = (await this.get<Session>("v1/session")).csrfToken;
    return this.csrfToken !== before;
  }

  private prepare({ method = "GET", body, headers = {} }: Sending): RequestInit {
    const all: Record<string, string> = { ...headers };
    if (method !== "GET" && this.csrfToken) {
      all["X-Titan-CSRF"] = this.csrfToken;
    }
    const init: RequestInit = { method, headers: all, credentials: "same-origin", redirect: "error" };
    if (isBytes(body)) {
      init.body = body;
    } else if (body !== undefined) {
      init.body = JSON.stringify(body);
      all["Content-Type"] ??= "application/json";
    }
    return init;
  }
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (problem) {
    throw asApiError(problem);
  }
}

function isBytes(body: unknown): body is string | Blob | ArrayBuffer {
  return typeof body === "string" || body instanceof Blob || body instanceof ArrayBuffer;
}

/** A path with its query: what is undefined, null or empty is left out. */
export function withQuery(path: string, query: Record<string, QueryValue>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** `v1/namespaces/NS/…` with every part encoded. */
export function inNamespace(namespace: string, ...parts: string[]): string {
  return ["v1/namespaces", ...[namespace, ...parts].map(encodeURIComponent)].join("/");
}
