import { describe, expect, test } from "vitest";
import { ApiError, Client, inNamespace, withQuery } from "../../src/api/client";
import { aSession } from "../builders";
import { type Asked, FakeStore, refuse } from "../fakeStore";

function aClient(store: FakeStore): Client {
  const client = new Client(store.fetch);
  client.csrfToken = "csrf-1";
  return client;
}

async function refusalOf(asking: Promise<unknown>): Promise<ApiError> {
  const problem: unknown = await asking.catch((problem: unknown) => problem);
  if (problem instanceof ApiError) {
    return problem;
  }
  throw new Error("It was not refused.");
}

describe("the client", () => {
  test("sends the token against forged requests with whatever changes something, and only then", async () => {
    const store = new FakeStore().on("GET", "v1/x", {}).on("POST", "v1/x", {}).on("DELETE", "v1/x", {});
    const client = aClient(store);
    await client.get("v1/x");
    await client.json("v1/x", { method: "POST", body: { a: 1 } });
    await client.json("v1/x", { method: "DELETE" });
    expect(store.asked.map(({ headers }) => headers["X-Titan-CSRF"])).toEqual([undefined, "csrf-1", "csrf-1"]);
    expect(store.asked[1]?.body).toEqual({ a: 1 });
  });

  test("fetches the token anew when another tab has signed in meanwhile, and tries once more", async () => {
    const store = new FakeStore()
      .on("GET", "v1/session", aSession({ csrfToken: "csrf-2" }))
      .on("POST", "v1/x", ({ headers }: Asked) =>
        headers["X-Titan-CSRF"] === "csrf-2"
          ? { done: true }
          : refuse(403, "CSRFTokenMissing", "The token is missing."),
      );
    expect(await aClient(store).json("v1/x", { method: "POST" })).toEqual({ done: true });
  });

  test("does not try again with the same token", async () => {
    const store = new FakeStore()
      .on("GET", "v1/session", aSession({ csrfToken: "csrf-1" }))
      .on("POST", "v1/x", () => refuse(403, "CSRFTokenMissing", "The token is missing."));
    const problem = await refusalOf(aClient(store).json("v1/x", { method: "POST" }));
    expect(problem.message).toBe("The token is missing.");
    expect(store.askedFor("POST", "v1/x")).toHaveLength(1);
  });

  test("sends bytes and text as they are", async () => {
    const store = new FakeStore().on("PUT", "v1/x", {});
    await aClient(store).json("v1/x", { method: "PUT", body: "a: [1" });
    expect(store.asked[0]?.body).toBe("a: [1");
    expect(store.asked[0]?.headers["Content-Type"]).toBeUndefined();
  });

  test("throws the store's own sentence", async () => {
    const store = new FakeStore().on("GET", "v1/x", () => refuse(403, "Forbidden", "You may not read this."));
    expect(await refusalOf(aClient(store).get("v1/x"))).toMatchObject({
      status: 403,
      code: "Forbidden",
      message: "You may not read this.",
    });
  });

  test.each(["<html>502 Bad Gateway</html>", '{"kind":"Status"}', '{"error":"no"}', '{"error":null}', ""])(
    "says in words that a proxy has answered something else: %s",
    async (body) => {
      const store = new FakeStore().on("GET", "v1/x", () => new Response(body, { status: 502 }));
      const problem = await refusalOf(aClient(store).get("v1/x"));
      expect(problem.message).toMatch(/answered with status 502/);
      expect(problem.isPassing).toBe(true);
    },
  );

  test("says in words that nobody answers", async () => {
    const client = new Client(() => Promise.reject(new TypeError("Failed to fetch")));
    const problem = await refusalOf(client.get("v1/x"));
    expect(problem.message).toMatch(/does not answer/);
    expect(problem.isPassing).toBe(true);
  });

  test("passes an abort on, which is nobody's fault", async () => {
    const stop = new AbortController();
    stop.abort();
    const asking = aClient(new FakeStore()).get("v1/x", stop.signal);
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("addresses", () => {
  test("are relative and encode every name", () => {
    expect(inNamespace("a", "dags", "x/y?z#%")).toBe("v1/namespaces/a/dags/x%2Fy%3Fz%23%25");
  });

  test("leave out what is not asked", () => {
    expect(withQuery("v1/x", { a: undefined, b: "", c: null, d: 0, e: "ä&=" })).toBe("v1/x?d=0&e=%C3%A4%26%3D");
    expect(withQuery("v1/x", { a: undefined })).toBe("v1/x");
  });
});
