import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useRoute } from "wouter";

/**
 * The address of the page lives in the fragment, its query too (`#/dags?phase=Failed`): the store serves one document
 * whatever the path before it is, and a code in `#/sign-in?code=…` never reaches a server's log.
 * Names stay percent-encoded until a page takes them, because ids may hold slashes and percent signs.
 */
export interface Going {
  replace?: boolean;
}

function subscribe(heard: () => void): () => void {
  window.addEventListener("hashchange", heard);
  window.addEventListener("popstate", heard);
  return () => {
    window.removeEventListener("hashchange", heard);
    window.removeEventListener("popstate", heard);
  };
}

/** The pages that show a list, whose query holds the chosen namespace. */
export const LISTS = ["/", "/dags", "/runs", "/files", "/store", "/approvals", "/services"] as const;
export type List = (typeof LISTS)[number];

export function readAddress(): string {
  const fragment = window.location.hash.replace(/^#?\/?/, "");
  return `/${fragment}`;
}

/** `/dags/a/b?tab=log`, as it stands in the fragment. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, readAddress, readAddress);
}

/** Whether the address shows a list. */
export function useIsList(): boolean {
  const path = useAddress().split("?", 1)[0] ?? "/";
  return (LISTS as readonly string[]).includes(path);
}

/** Whether the address belongs to the entry of the navigation: the list itself or a page below it. */
export function useIsWithin(path: string): boolean {
  const [isHere] = useRoute(path);
  const [isBelow] = useRoute(`${path}/*`);
  return isHere || (path !== "/" && isBelow);
}

export function go(to: string, { replace = false }: Going = {}): void {
  const address = `#${to.startsWith("/") ? to : `/${to}`}`;
  const before = window.location.href;
  window.history[replace ? "replaceState" : "pushState"](null, "", address);
  window.dispatchEvent(new HashChangeEvent("hashchange", { oldURL: before, newURL: window.location.href }));
}

/** For wouter's `Router`. It decodes a path before matching; encoding the percent signs once more undoes that. */
export function useFragmentLocation(): [string, (to: string, options?: Going) => void] {
  const path = useAddress().split("?", 1)[0] ?? "/";
  return [path.replaceAll("%", "%25"), go];
}
useFragmentLocation.hrefs = (to: string) => `#${to}`;
useFragmentLocation.searchHook = () => useAddress().split("?").slice(1).join("?");

/** A name as a route's pattern has found it. */
export function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export type QueryChange = Record<string, string | undefined>;

/**
 * The query of the address and a way to change parts of it: undefined or "" takes one away. Typing in a filter replaces
 * the entry of the history, choosing something else makes a new one.
 */
export function useQueryParams(): [URLSearchParams, (change: QueryChange, going?: Going) => void] {
  const address = useAddress();
  const params = useMemo(() => new URLSearchParams(address.split("?").slice(1).join("?")), [address]);
  const change = useCallback((change: QueryChange, going?: Going) => {
    const now = readAddress();
    const [path = "/", ...rest] = now.split("?");
    const next = new URLSearchParams(rest.join("?"));
    for (const [name, value] of Object.entries(change)) {
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
    }
    const query = next.toString();
    const to = query ? `${path}?${query}` : path;
    if (to !== now) {
      go(to, going);
    }
  }, []);
  return [params, change];
}
