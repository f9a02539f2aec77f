import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { Route } from "wouter";
import { links } from "../../src/app/links";
import { decodeName, go, useQueryParams } from "../../src/app/location";
import { FakeStore } from "../fakeStore";
import { address, renderPage } from "../rendering";

test.each(["plain", "a/b", "100%", "a%2Fb", "x?y#z", "späß 日本", "<script>", "..", "%E0%A4%A"])(
  "an id survives the address as it is: %s",
  (id) => {
    const { container } = renderPage(
      <Route path="/runs/:namespace/:id">{(found: { id: string }) => decodeName(found.id)}</Route>,
      new FakeStore(),
      links.run("team-a", id),
    );
    expect(container.textContent).toBe(id);
  },
);

test("a part of the query changes without the others, and an empty one goes", () => {
  go("/dags?namespace=a&search=100%25%2B1", { replace: true });
  const { result } = renderHook(useQueryParams);
  expect(result.current[0].get("search")).toBe("100%+1");
  act(() => result.current[1]({ phase: "Failed" }));
  expect(address()).toBe("/dags?namespace=a&search=100%25%2B1&phase=Failed");
  act(() => result.current[1]({ search: "", phase: undefined }));
  expect(address()).toBe("/dags?namespace=a");
});

test("typing in a filter makes no entries in the history, choosing does", () => {
  go("/dags", { replace: true });
  const { result } = renderHook(useQueryParams);
  const before = window.history.length;
  act(() => result.current[1]({ search: "a" }, { replace: true }));
  expect(window.history.length).toBe(before);
  act(() => result.current[1]({ phase: "Failed" }));
  expect(window.history.length).toBe(before + 1);
});
