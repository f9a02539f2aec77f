import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Table } from "../../src/parts/Table";
import { FakeStore } from "../fakeStore";
import { address, renderPage } from "../rendering";

interface Thing {
  id: number;
}
const COLUMNS = [
  { key: "name", title: "Name", render: (thing: Thing) => <a href={`#/own/${thing.id}`}>thing {thing.id}</a> },
  { key: "id", title: "Id", render: (thing: Thing) => thing.id },
];

function show(count: number, more: Partial<Parameters<typeof Table<Thing>>[0]> = {}) {
  const items = Array.from({ length: count }, (_, id) => ({ id }));
  return renderPage(
    <Table
      label="Things"
      columns={COLUMNS}
      items={items}
      rowKey={(thing) => String(thing.id)}
      href={(thing) => `/things/${thing.id}`}
      {...more}
    />,
    new FakeStore(),
  );
}

test("rows are a single stop of the keyboard; arrows walk, Enter opens", async () => {
  show(5);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(address()).toBe("/things/2");
  await user.keyboard("{End}{Enter}");
  expect(address()).toBe("/things/4");
});

test("a click on a row opens it, a click on a link in it follows the link", async () => {
  show(3);
  const user = userEvent.setup();
  await user.click(screen.getByRole("gridcell", { name: "1" }));
  expect(address()).toBe("/things/1");
  await user.click(screen.getByRole("link", { name: "thing 2" }));
  expect(address()).toBe("/own/2");
});

test("of ten thousand only those in sight exist, and the grid tells how many there are", () => {
  show(10_000, { total: 10_500 });
  const grid = screen.getByRole("grid", { name: "Things" });
  expect(grid.getAttribute("aria-rowcount")).toBe("10501");
  const rows = within(grid).getAllByRole("row");
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(200);
  expect(rows[1]?.getAttribute("aria-rowindex")).toBe("2");
});

test("the next page is asked for when its beginning is near", () => {
  let asked = 0;
  show(20, { hasMore: true, loadMore: () => (asked += 1) });
  expect(asked).toBeGreaterThan(0);
});

test("nothing is asked while the end is far", () => {
  let asked = 0;
  show(5_000, { hasMore: true, loadMore: () => (asked += 1) });
  expect(asked).toBe(0);
});

test("an empty table says what its page says", () => {
  show(0, { empty: <p>Upload one.</p> });
  expect(screen.getByText("Upload one.")).toBeDefined();
});
