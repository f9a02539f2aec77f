import { withQuery } from "../api/client";

/** Addresses of the pages, for `<Link href={links.dag(ns, name)}>` and `go(…)`. */
export const links = {
  overview: (namespace?: string) => withQuery("/", { namespace }),
  dags: (filter: { namespace?: string; phase?: string; search?: string; run?: string } = {}) =>
    withQuery("/dags", filter),
  dag: (namespace: string, name: string, view: { job?: string; tab?: string } = {}) =>
    withQuery(path("dags", namespace, name), view),
  runs: (namespace?: string) => withQuery("/runs", { namespace }),
  run: (namespace: string, id: string) => path("runs", namespace, id),
  files: (namespace?: string) => withQuery("/files", { namespace }),
  store: (namespace?: string) => withQuery("/store", { namespace }),
  approvals: (namespace?: string) => withQuery("/approvals", { namespace }),
  approval: (namespace: string, name: string) => path("approvals", namespace, name),
  services: (namespace?: string) => withQuery("/services", { namespace }),
};

function path(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}
