/** Every refusal of the store, and the network's silence, in one form: the message is a sentence for the reader. */
export class ApiError extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }

  /** Whether asking again, unchanged, may succeed soon. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

const UNREACHABLE = "The store does not answer. The page goes on by itself as soon as it does.";

/** What `fetch` throws when the connection fails says nothing to a reader; an abort is passed on as it is. */
export function asApiError(problem: unknown): Error {
  if (problem instanceof ApiError || isAbort(problem)) {
    return problem;
  }
  return new ApiError(0, "Unreachable", UNREACHABLE);
}

export function isAbort(problem: unknown): problem is Error {
  return typeof problem === "object" && problem !== null && "name" in problem && problem.name === "AbortError";
}

/** The sentence of an answer with an error status; a proxy on the way may have answered with something else. */
export async function readRefusal(response: Response): Promise<ApiError> {
  const told = parseRefusal(await response.text());
  return new ApiError(
    response.status,
    told?.code ?? "Unexpected",
    told?.message ?? `The store, or a proxy before it, answered with status ${response.status}.`,
  );
}

export function parseRefusal(text: string): { code: string; message: string } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (isRefusal(body)) {
      return { code: body.error.code, message: body.error.message };
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function isRefusal(body: unknown): body is { error: { code: string; message: string } } {
  if (typeof body !== "object" || body === null || !("error" in body)) {
    return false;
  }
  const { error } = body;
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string" &&
    "message" in error &&
    typeof error.message === "string"
  );
}
