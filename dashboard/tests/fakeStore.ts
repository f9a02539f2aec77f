import type { Fetch } from "../src/api/client";

export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Parsed where it was JSON. */
  body: unknown;
  headers: Record<string, string>;
}

/** A Response, or what one would hold as JSON. */
type Answer = object | string | number | null;
type Answering = Answer | ((asked: Asked) => Answer | Promise<Answer>);

/**
 * A store that answers what a test told it, and remembers what it was asked. What nobody told is a 404, in the store's
 * own form.
 */
export class FakeStore {
  readonly asked: Asked[] = [];
  private readonly answers = new Map<string, Answering>();

  /** `on("GET", "v1/views/dags", page)`; the path as the client sends it, without the query. */
  on(method: string, path: string, answer: Answering): this {
    this.answers.set(`${method} ${path}`, answer);
    return this;
  }

  askedFor(method: string, path: string): Asked[] {
    return this.asked.filter((asked) => asked.method === method && asked.path === path);
  }

  readonly fetch: Fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const [path = "", search = ""] = input.split("?");
    const asked: Asked = {
      method: init.method ?? "GET",
      path,
      query: new URLSearchParams(search),
      body: parse(init.body),
      headers: { ...(init.headers as Record<string, string>) },
    };
    this.asked.push(asked);
    const answering = this.answers.get(`${asked.method} ${path}`);
    const answer: Answer =
      answering === undefined
        ? refuse(404, "NotFound", `The fake store knows no ${asked.method} ${path}.`)
        : typeof answering === "function"
          ? await answering(asked)
          : answering;
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer));
  };
}

/** A refusal in the store's form. */
export function refuse(status: number, code: string, message: string): Response {
  return new Response(JSON.stringify({ error: { code, message } }), { status });
}

function parse(body: unknown): unknown {
  if (typeof body !== "string") {
    return body;
  }
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
