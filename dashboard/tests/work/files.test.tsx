import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import Files from "../../src/pages/files/Files";
import { aDag, aJob, someRights } from "../builders";
import { FakeStore, refuse } from "../fakeStore";
import { address, renderPage } from "../rendering";
import { aFile, aLeftFile, HOSTILE } from "./builders";

const FILES = "v1/namespaces/team-a/files";
const FILE = "v1/namespaces/team-a/file";
const AT = "/files?namespace=team-a";

function aStore(...names: string[]): FakeStore {
  return new FakeStore()
    .on("GET", FILES, { items: names.map((name) => aFile({ name })) })
    .on("GET", FILE, () => new Response("hello"))
    .on("GET", "v1/views/rights", someRights());
}

// A chunk of its own, whose loading is none of a test's time.
beforeAll(() => import("../../src/parts/MarkdownRenderer"));

describe("uploaded files", () => {
  it("are browsed like folders, and the folder is in the address", async () => {
    const person = userEvent.setup();
    renderPage(<Files />, aStore("reports/may.txt", "reports/june.txt", "readme.md"), AT);
    await person.click(await screen.findByRole("button", { name: /^reports\/.*2 files/ }));
    expect(await screen.findByRole("button", { name: /^june\.txt/ })).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^readme\.md/ })).toBeNull();
    expect(new URLSearchParams(address().split("?")[1]).get("prefix")).toBe("reports/");
    await person.click(screen.getByRole("button", { name: "All files" }));
    expect(await screen.findByRole("button", { name: /^readme\.md/ })).toBeTruthy();
  });

  it("show what is in them, and a download", async () => {
    const person = userEvent.setup();
    renderPage(<Files />, aStore("readme.txt"), AT);
    await person.click(await screen.findByRole("button", { name: /^readme\.txt/ }));
    expect(await screen.findByDisplayValue("hello")).toBeTruthy();
    const download = screen.getByRole("link", { name: "Download readme.txt" });
    expect(download.getAttribute("href")).toBe("v1/namespaces/team-a/file?name=readme.txt");
  });

  it("are deleted only after a question that names them", async () => {
    const store = aStore("readme.txt").on("DELETE", FILE, () => new Response(null, { status: 204 }));
    const person = userEvent.setup();
    renderPage(<Files />, store, `${AT}&file=readme.txt`);
    await person.click(await screen.findByRole("button", { name: "Delete" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete readme.txt?" });
    expect(store.askedFor("DELETE", FILE)).toHaveLength(0);
    await person.click(within(dialog).getByRole("button", { name: "Delete the file" }));
    expect(await screen.findByText("Deleted readme.txt.")).toBeTruthy();
    expect(store.askedFor("DELETE", FILE)[0]?.query.get("name")).toBe("readme.txt");
  });

  it("cannot be uploaded without the right, and the button says why", async () => {
    const refused = { allowed: false, reason: "ada may not update files in team-a." };
    const store = aStore("readme.txt").on("GET", "v1/views/rights", someRights({ "files.write": refused }));
    renderPage(<Files />, store, AT);
    const button = await screen.findByRole("button", { name: "Upload files" });
    await waitFor(() => expect(button.title).toBe("ada may not update files in team-a."));
  });

  it("are refused before they leave when the store would refuse their name", async () => {
    renderPage(<Files />, aStore(), AT);
    await waitFor(() => expect(screen.getByRole("button", { name: "Upload files" }).title).toBe(""));
    const file = new File(["x"], "..");
    fireEvent.change(screen.getByLabelText("Files to upload"), { target: { files: [file] } });
    expect(await screen.findByText(/a relative path without empty parts/)).toBeTruthy();
  });

  it("ask before they replace one of the same name", async () => {
    renderPage(<Files />, aStore("readme.txt"), AT);
    await waitFor(() => expect(screen.getByRole("button", { name: "Upload files" }).title).toBe(""));
    fireEvent.change(screen.getByLabelText("Files to upload"), { target: { files: [new File(["x"], "readme.txt")] } });
    expect(await screen.findByText("There is a file of this name. Replace it?")).toBeTruthy();
    await userEvent.setup().click(screen.getByRole("button", { name: /^Keep what is there/ }));
    expect(await screen.findByText("cancelled")).toBeTruthy();
  });

  it("show names and contents of strangers as text", async () => {
    const store = aStore(`${HOSTILE}.md`).on(
      "GET",
      FILE,
      () => new Response(`${HOSTILE}\n\n[bad](javascript:alert(1))\n\n<a href="javascript:alert(1)">worse</a>`),
    );
    renderPage(<Files />, store, `${AT}&prefix=&file=${encodeURIComponent(`${HOSTILE}.md`)}`);
    expect(await screen.findByText("bad")).toBeTruthy();
    expect(document.querySelectorAll('script, img, [onerror], a[href^="javascript"]')).toHaveLength(0);
  });

  it("say the store's sentence when they may not be listed", async () => {
    const store = aStore().on("GET", FILES, () => refuse(403, "Forbidden", "ada may not list files in team-a."));
    renderPage(<Files />, store, AT);
    expect(await screen.findByText("ada may not list files in team-a.")).toBeTruthy();
  });

  it("belong to one namespace, which is asked for where there are several", async () => {
    const namespaces = { items: ["team-a", "team-b"].map((name) => ({ name, dags: 1 })), all: true };
    const store = aStore("readme.txt").on("GET", "v1/views/namespaces", namespaces);
    const person = userEvent.setup();
    renderPage(<Files />, store, "/files");
    await person.click(await screen.findByRole("button", { name: "team-a" }));
    expect(await screen.findByRole("button", { name: /^readme\.txt/ })).toBeTruthy();
  });
});

describe("files that jobs left", () => {
  it("are found by DAG and job, and previewed by their digest", async () => {
    const left = "v1/namespaces/team-a/dags/analyse-7f3/files";
    const store = aStore()
      .on("GET", "v1/views/dags", { items: [aDag()], total: 1 })
      .on("GET", "v1/namespaces/team-a/dags/analyse-7f3/jobs", { items: [aJob()], total: 1 })
      .on("GET", left, { items: [aLeftFile({ path: "out/report.txt" })], total: 1 })
      .on("GET", "v1/namespaces/team-a/blob", () => new Response("the report"));
    const person = userEvent.setup();
    renderPage(<Files />, store, `${AT}&tab=left`);
    await person.click(await screen.findByRole("button", { name: /^analyse-7f3/ }));
    await person.selectOptions(
      await screen.findByLabelText("of job"),
      await screen.findByRole("option", { name: "fit" }),
    );
    await person.click(await screen.findByRole("button", { name: /^out\/report\.txt/ }));
    expect(await screen.findByDisplayValue("the report")).toBeTruthy();
    expect(store.askedFor("GET", left).at(-1)?.query.get("job")).toBe("analyse-7f3-fit");
    expect(store.askedFor("GET", "v1/namespaces/team-a/blob")[0]?.query.get("digest")).toMatch(/^sha256:b+$/);
  });
});
