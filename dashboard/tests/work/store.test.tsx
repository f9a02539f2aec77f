import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { hexLines } from "../../src/pages/store/hex";
import StorePage from "../../src/pages/store/StorePage";
import { parseLifetime, problemOf, withEndingsOf } from "../../src/pages/store/values";
import { someRights } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { aValue, HOSTILE } from "./builders";

const VALUES = "v1/namespaces/team-a/values";
const VALUE = "v1/namespaces/team-a/value";
const AT = "/store?namespace=team-a";
const CONFLICT = () => refuse(412, "PreconditionFailed", "The value is another one.");

function aStore(text: string, ...keys: string[]): FakeStore {
  return new FakeStore()
    .on("GET", VALUES, { items: keys.map((key) => aValue({ key })) })
    .on("GET", VALUE, () => new Response(text, { headers: { ETag: '"7"' } }))
    .on("GET", "v1/views/rights", someRights());
}
const show = (store: FakeStore, at = AT) => renderPage(<StorePage />, store, at);

describe("values", () => {
  it("are browsed by the parts of their keys, or as one list", async () => {
    const person = userEvent.setup();
    show(aStore("1", "team:limit", "team:members/ada", "other"));
    await person.click(await screen.findByRole("button", { name: /^team:.*2 keys/ }));
    expect(await screen.findByRole("button", { name: /^limit/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: /^members\// })).toBeTruthy();
    await person.click(screen.getByLabelText("As folders"));
    expect(await screen.findByRole("button", { name: /^team:members\/ada/ })).toBeTruthy();
  });

  it("are shown as JSON with its numbers as they are, as text and byte by byte", async () => {
    const person = userEvent.setup();
    show(aStore('{"n":12345678901234567890}', "big"), `${AT}&key=big`);
    const field = await screen.findByLabelText<HTMLTextAreaElement>("Value as JSON");
    expect(field.value).toBe('{\n  "n": 12345678901234567890\n}');
    await person.click(screen.getByRole("button", { name: "Hex" }));
    expect((await screen.findByLabelText<HTMLTextAreaElement>("Value as Hex")).value).toContain("7b 22 6e 22 3a");
  });

  it("are written only over what the reader has seen", async () => {
    const store = aStore("old", "k").on("PUT", VALUE, () => new Response(null, { status: 204 }));
    const person = userEvent.setup();
    show(store, `${AT}&key=k`);
    await person.click(await screen.findByRole("button", { name: "Edit" }));
    const field = screen.getByLabelText("Value");
    await person.clear(field);
    await person.type(field, "new");
    await person.type(screen.getByLabelText(/^Lifetime/), "60");
    await person.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Saved k.")).toBeTruthy();
    const [asked] = store.askedFor("PUT", VALUE);
    expect(asked?.body).toBe("new");
    expect(asked?.headers).toMatchObject({ "If-Match": '"7"', "X-Titan-CSRF": "csrf-1" });
    expect(asked?.query.get("ttlSeconds")).toBe("60");
  });

  it("tell of a change by somebody else in words, and write over it only on demand", async () => {
    const store = aStore("old", "k").on("PUT", VALUE, CONFLICT);
    const person = userEvent.setup();
    show(store, `${AT}&key=k`);
    await person.click(await screen.findByRole("button", { name: "Edit" }));
    await person.type(screen.getByLabelText("Value"), "er");
    await person.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Somebody has changed or deleted this value/)).toBeTruthy();
    store.on("PUT", VALUE, () => new Response(null, { status: 204 }));
    await person.click(screen.getByRole("button", { name: "Write mine over it" }));
    expect(await screen.findByText("Saved k.")).toBeTruthy();
    const last = store.askedFor("PUT", VALUE).at(-1);
    expect(last?.body).toBe("older");
    expect(last?.headers["If-Match"]).toBeUndefined();
  });

  it("are made only under a key that is not used", async () => {
    const store = aStore("old", "k").on("PUT", VALUE, CONFLICT);
    const person = userEvent.setup();
    show(store);
    await person.click(await screen.findByRole("button", { name: "New value" }));
    await person.type(screen.getByLabelText("Key"), "k");
    await person.type(screen.getByLabelText("Value"), "x");
    await person.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("There is a value of this key already.")).toBeTruthy();
    expect(store.askedFor("PUT", VALUE)[0]?.headers["If-None-Match"]).toBe("*");
  });

  it("are deleted after a question, and only as the reader has seen them", async () => {
    const store = aStore("old", "k").on("DELETE", VALUE, CONFLICT);
    const person = userEvent.setup();
    show(store, `${AT}&key=k`);
    await person.click(await screen.findByRole("button", { name: "Delete" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete k?" });
    await person.click(within(dialog).getByRole("button", { name: "Delete the value" }));
    expect(await screen.findByText(/Somebody has changed the value meanwhile/)).toBeTruthy();
    expect(store.askedFor("DELETE", VALUE)[0]?.headers["If-Match"]).toBe('"7"');
    store.on("DELETE", VALUE, () => new Response(null, { status: 204 }));
    await person.click(within(dialog).getByRole("button", { name: "Delete the value" }));
    expect(await screen.findByText("Deleted k.")).toBeTruthy();
    expect(address()).not.toContain("key=");
  });

  it("show keys and texts of strangers as text", async () => {
    show(aStore(HOSTILE, HOSTILE), `${AT}&flat=1&key=${encodeURIComponent(HOSTILE)}`);
    expect(await screen.findByDisplayValue(HOSTILE)).toBeTruthy();
    expect(document.querySelectorAll("script, img, [onerror]")).toHaveLength(0);
  });
});

describe("sets", () => {
  it("show their members in the order of addition, however many there are, and find one", async () => {
    const members = Array.from({ length: 5000 }, (_, index) => `member-${index}`);
    const store = aStore("")
      .on("GET", "v1/namespaces/team-a/sets", { items: [{ key: "seen", members: 5000 }], total: 1 })
      .on("GET", "v1/namespaces/team-a/set", { members });
    const person = userEvent.setup();
    show(store, `${AT}&tab=sets`);
    await person.click(await screen.findByRole("button", { name: /^seen/ }));
    expect(await screen.findByRole("grid", { name: "Members of seen" })).toBeTruthy();
    expect(screen.getAllByRole("row").length).toBeLessThan(200);
    await person.type(screen.getByPlaceholderText("Search members"), "member-4711");
    expect(await screen.findByText("member-4711")).toBeTruthy();
  });
});

describe("what is typed", () => {
  it.each([
    ["", undefined],
    ["60", 60],
  ])("is a lifetime: %j", (text, seconds) => {
    expect(parseLifetime(text)).toEqual(seconds === undefined ? {} : { seconds });
  });
  it.each(["0", "-1", "1.5", "soon", "999999999999"])("is no lifetime, and is told so: %j", (text) => {
    expect(parseLifetime(text).problem).toMatch(/lifetime/);
  });
  it("is refused when it is more than a value may hold, counted in bytes", () => {
    expect(problemOf("ä".repeat(2 ** 19))).toBeUndefined();
    expect(problemOf("ä".repeat(2 ** 19 + 1))).toMatch(/1048576 bytes at most/);
  });
  it("gets the line endings of the value that is edited", () => {
    expect(withEndingsOf("a\r\nb", "a\nc")).toBe("a\r\nc");
    expect(withEndingsOf("a\nb", "a\nc")).toBe("a\nc");
    expect(withEndingsOf("a\r\nb\nc", "x\ny")).toBe("x\ny");
  });
});

describe("bytes in hexadecimal", () => {
  it("stand sixteen in a line, with their letters", () => {
    const lines = hexLines(new TextEncoder().encode("0123456789abcdef\u0000é"), 1000);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toEqual({ offset: "000010", bytes: "00 c3 a9", letters: "···" });
  });
  it("end at the limit", () => {
    expect(hexLines(new Uint8Array(100), 20).map((line) => line.bytes.split(" ").length)).toEqual([16, 4]);
  });
});
