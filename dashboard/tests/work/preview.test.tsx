import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import { Preview } from "../../src/parts/Preview";
import { prettyJson } from "../../src/parts/PreviewJson";
import { imageType, kindOf, looksLikeText, TEXT_BYTES } from "../../src/parts/PreviewKind";
import { type Asked, FakeStore } from "../fakeStore";
import { renderPage } from "../rendering";
import { HOSTILE } from "./builders";

const FILE = "v1/namespaces/team-a/file";

function show(name: string, size: number, answer: (asked: Asked) => Response): FakeStore {
  const store = new FakeStore().on("GET", FILE, answer);
  renderPage(<Preview source={{ name, size, address: `${FILE}?name=x` }} />, store);
  return store;
}

// A chunk of its own, whose loading is none of a test's time.
beforeAll(() => import("../../src/parts/MarkdownRenderer"));

describe("a preview", () => {
  it("reads only the beginning of a big text, and says so", async () => {
    const store = show(
      "big.log",
      10 * TEXT_BYTES,
      () => new Response("beginning", { status: 206, headers: { "Content-Range": `bytes 0-8/${10 * TEXT_BYTES}` } }),
    );
    expect(await screen.findByDisplayValue("beginning")).toBeTruthy();
    expect(screen.getByText(/Only the beginning is shown/)).toBeTruthy();
    expect(store.asked[0]?.headers.Range).toBe("bytes=0-262143");
  });

  it("asks for no range of an empty file, and says that it is empty", async () => {
    const store = show("empty.txt", 0, () => new Response(""));
    expect(await screen.findByText("The file is empty.")).toBeTruthy();
    expect(store.asked[0]?.headers.Range).toBeUndefined();
  });

  it("offers bytes that are no text as a download, and as text on demand", async () => {
    show("program", 4, () => new Response(new Uint8Array([0x7f, 0x45, 0, 1])));
    await userEvent.setup().click(await screen.findByRole("button", { name: "Show it as text anyway" }));
    expect(await screen.findByLabelText("Content")).toBeTruthy();
  });

  it("shows a picture from its bytes, and gives their address back when it goes", async () => {
    const given = new Set<string>();
    URL.createObjectURL = () => {
      given.add("blob:1");
      return "blob:1";
    };
    URL.revokeObjectURL = (address) => void given.delete(address);
    show("drawing.svg", 20, () => new Response(`<svg>${HOSTILE}</svg>`));
    const picture = await screen.findByRole("img", { name: "drawing.svg" });
    expect(picture.getAttribute("src")).toBe("blob:1");
    expect(document.querySelectorAll("svg script, script")).toHaveLength(0);
    fireEvent.error(picture);
    expect(await screen.findByText(/cannot be shown as one/)).toBeTruthy();
    document.body.replaceChildren();
  });

  it("never runs HTML: it is text like any other", async () => {
    show("page.html", 90, () => new Response(HOSTILE));
    await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>("Content").value).toBe(HOSTILE));
    expect(document.querySelectorAll("script, img")).toHaveLength(0);
  });

  it("shows markdown in its form, and as it was written", async () => {
    show("notes.md", 20, () => new Response("# Title\n\n*well*"));
    expect(await screen.findByRole("heading", { name: "Title" })).toBeTruthy();
    await userEvent.setup().click(screen.getByLabelText("As it is written"));
    expect(screen.getByLabelText<HTMLTextAreaElement>("Content").value).toContain("# Title");
  });
});

describe("the kind of a preview", () => {
  it.each([
    ["a/b.PNG", "image"],
    ["x.svg", "image"],
    ["read.me.md", "markdown"],
    ["data.json", "json"],
    ["page.html", "text"],
    [".json", "text"],
    ["toString", "text"],
    ["x.constructor", "text"],
  ])("of %s is %s", (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });

  it("never lets a name choose any other type than that of a picture", () => {
    expect(["x.html", "x.svg", "x"].map(imageType)).toEqual(["image/png", "image/svg+xml", "image/png"]);
  });

  it("tells text from other bytes", () => {
    expect(looksLikeText(new TextEncoder().encode("ä ö ü"))).toBe(true);
    expect(looksLikeText(new Uint8Array([1, 0, 2]))).toBe(false);
    expect(looksLikeText(new Uint8Array(100).fill(0xff))).toBe(false);
  });
});

describe("JSON with line breaks", () => {
  it.each([
    ["[]", "[]"],
    ['{"a":[1,2],"b":{}}', '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'],
    ['"{[,:]}\\""', '"{[,:]}\\""'],
    ["1.50e3", "1.50e3"],
    ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
  ])("keeps every token of %s", (text, pretty) => {
    expect(prettyJson(text)).toBe(pretty);
  });
  it("is nothing where the text is no JSON", () => {
    expect(prettyJson("{")).toBeUndefined();
  });
});
