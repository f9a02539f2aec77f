import { QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { Client } from "../src/api/client";
import { ClientContext } from "../src/api/context";
import type { Later } from "../src/api/patience";
import { makeQueries } from "../src/app/App";
import { go, useFragmentLocation } from "../src/app/location";
import { NamespaceMemory } from "../src/app/namespace";
import { Notices } from "../src/parts/Notices";
import type { FakeStore } from "./fakeStore";

/** A page, or a part of one, at an address, with everything around it that it needs, and a store that is not there. */
export function renderPage(
  shown: ReactNode,
  store: Pick<FakeStore, "fetch">,
  address = "/",
  clock?: Later,
): RenderResult {
  go(address, { replace: true });
  const queries = makeQueries();
  const client = new Client(store.fetch, clock);
  client.csrfToken = "csrf-1";
  return render(
    <ClientContext.Provider value={client}>
      <QueryClientProvider client={queries}>
        <Router hook={useFragmentLocation}>
          <Notices>
            <NamespaceMemory>{shown}</NamespaceMemory>
          </Notices>
        </Router>
      </QueryClientProvider>
    </ClientContext.Provider>,
  );
}

/** What the address bar shows after `#`. */
export function address(): string {
  return window.location.hash.slice(1);
}
