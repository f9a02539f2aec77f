import { describe, expect, it } from "vitest";
import { asPrefix, refusalOf } from "../../src/pages/files/fileNames";
import { sentenceOf, type TransferEvents } from "../../src/pages/files/upload";
import { type Edge, UploadQueue } from "../../src/pages/files/uploadQueue";

/** Transfers that a test moves on by hand. */
class FakeTransfers {
  readonly begun: { address: string; token: string; events: TransferEvents; isCancelled: boolean }[] = [];
  readonly arrived: string[] = [];
  readonly queue: UploadQueue;

  constructor(edge: Partial<Edge> = {}) {
    this.queue = new UploadQueue({
      exists: async () => false,
      start: (address, _file, token, events) => {
        const transfer = { address, token, events, isCancelled: false };
        this.begun.push(transfer);
        return { cancel: () => Object.assign(transfer, { isCancelled: true }) };
      },
      addressOf: (name) => `file?name=${name}`,
      csrfToken: () => "csrf-1",
      onArrival: (name) => this.arrived.push(name),
      ...edge,
    });
  }

  states(): string[] {
    return this.queue.snapshot().map((upload) => upload.state);
  }
}
/** Until everything that was promised has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a queue of uploads", () => {
  it("sends one file after the other, with the token against forged requests", async () => {
    const transfers = new FakeTransfers();
    transfers.queue.add("in/", [new File(["one"], "a"), new File(["two"], "b")]);
    await settled();
    expect(transfers.begun.map((transfer) => transfer.address)).toEqual(["file?name=in/a"]);
    expect(transfers.begun[0]?.token).toBe("csrf-1");
    transfers.begun[0]?.events.onProgress(2);
    expect(transfers.queue.snapshot()[0]?.sent).toBe(2);
    transfers.begun[0]?.events.onDone();
    await settled();
    expect(transfers.states()).toEqual(["done", "sending"]);
    expect(transfers.arrived).toEqual(["in/a"]);
  });

  it("goes on with the others while one waits for an answer, and replaces only after a yes", async () => {
    const transfers = new FakeTransfers({ exists: async (name) => name === "a" });
    transfers.queue.add("", [new File(["one"], "a"), new File(["two"], "b")]);
    await settled();
    expect(transfers.states()).toEqual(["asking", "sending"]);
    const first = transfers.queue.snapshot()[0];
    transfers.queue.replace(first?.id ?? 0);
    transfers.begun[0]?.events.onDone();
    await settled();
    expect(transfers.states()).toEqual(["sending", "done"]);
  });

  it("cancels what is on its way, and goes on with the next", async () => {
    const transfers = new FakeTransfers();
    transfers.queue.add("", [new File(["one"], "a"), new File(["two"], "b")]);
    await settled();
    transfers.queue.cancel(transfers.queue.snapshot()[0]?.id ?? 0);
    await settled();
    expect(transfers.begun[0]?.isCancelled).toBe(true);
    expect(transfers.states()).toEqual(["cancelled", "sending"]);
  });

  it("says why it could not even ask", async () => {
    const transfers = new FakeTransfers({ exists: () => Promise.reject(new Error("ada may not get files.")) });
    transfers.queue.add("", [new File(["one"], "a")]);
    await settled();
    expect(transfers.queue.snapshot()[0]).toMatchObject({ state: "failed", message: "ada may not get files." });
  });

  it("ends everything when the page is left", async () => {
    const transfers = new FakeTransfers();
    transfers.queue.add("", [new File(["one"], "a"), new File(["two"], "b")]);
    await settled();
    transfers.queue.close();
    await settled();
    expect(transfers.begun.map((transfer) => transfer.isCancelled)).toEqual([true]);
    expect(transfers.states()).toEqual(["cancelled", "cancelled"]);
  });
});

describe("names of files", () => {
  it.each(["", "/a", "a/", "a//b", "../a", "a/./b", "tab\tname", "x".repeat(1025)])("refuse %j", (name) => {
    expect(refusalOf(name)).toBeTruthy();
  });
  it.each(["a", "a/b.txt", "…/ä ö", "<script>", "x".repeat(1024)])("take %j", (name) => {
    expect(refusalOf(name)).toBeUndefined();
  });
  it("get one slash behind a folder, however it was typed", () => {
    expect(["", "/", "a", "/a/b/", " a "].map(asPrefix)).toEqual(["", "", "a/", "a/b/", "a/"]);
  });
});

describe("a refused upload", () => {
  it("says the store's sentence, and the status where something else answered", () => {
    expect(sentenceOf(507, '{"error":{"code":"Full","message":"The quota of team-a is used up."}}')).toBe(
      "The quota of team-a is used up.",
    );
    expect(sentenceOf(502, "<html>")).toBe("The upload was refused with status 502.");
  });
});
