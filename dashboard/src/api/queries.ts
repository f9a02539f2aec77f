import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { inNamespace, type QueryValue, withQuery } from "./client";
import { useClient } from "./context";
import type { Key, Scope, View } from "./keys";
import { type Listing, useListing } from "./listings";
import type {
  DagDetail,
  DagItem,
  EventItem,
  FileItem,
  GateItem,
  Graph,
  JobDetail,
  JobItem,
  LeftFile,
  Namespaces,
  Overview,
  Rights,
  RunDetail,
  RunItem,
  ServiceItem,
  SetItem,
  ValueItem,
} from "./types";

export { useAction } from "./actions";
export { useSession, useSignIn, useSignOut } from "./session";

/** How many items a page of a listing has. */
const PAGE = 200;

type Filter = Record<string, QueryValue>;
/** Most hooks may be asked to wait until their caller knows what to ask. */
interface Asking {
  enabled?: boolean;
}

function useView<T>(view: View, scope: Scope, path: string, { enabled = true }: Asking = {}): UseQueryResult<T, Error> {
  const client = useClient();
  const key: Key = [view, scope, path];
  return useQuery<T, Error, T, Key>({ queryKey: key, queryFn: ({ signal }) => client.get<T>(path, signal), enabled });
}

export function useNamespaces(): UseQueryResult<Namespaces, Error> {
  return useView("namespaces", {}, "v1/views/namespaces");
}

export function useOverview(namespace?: string): UseQueryResult<Overview, Error> {
  return useView("overview", { namespace }, withQuery("v1/views/overview", { namespace }));
}

export interface DagFilter extends Filter {
  namespace?: string | undefined;
  /** Phases, separated by commas. */
  phase?: string | undefined;
  search?: string | undefined;
  run?: string | undefined;
}
export function useDags(filter: DagFilter): Listing<DagItem> {
  const { namespace } = filter;
  return useListing({ view: "dags", scope: { namespace }, path: "v1/views/dags", query: { ...filter, limit: PAGE } });
}

export function useDag(namespace: string, name: string): UseQueryResult<DagDetail, Error> {
  return useView("dag", { namespace, dag: name }, inNamespace(namespace, "dags", name));
}

/** The graph with these folds opened; while another fold opens, the graph from before stays. */
export function useGraph(namespace: string, name: string, open: readonly string[]): UseQueryResult<Graph, Error> {
  const client = useClient();
  const path = withQuery(inNamespace(namespace, "dags", name, "graph"), { open: open.join(",") });
  return useQuery<Graph, Error, Graph, Key>({
    queryKey: ["graph", { namespace, dag: name }, path],
    queryFn: ({ signal }) => client.get<Graph>(path, signal),
    placeholderData: keepPreviousData,
  });
}

export interface JobFilter extends Filter {
  phase?: string | undefined;
  search?: string | undefined;
  /** Id of a fold of the graph. */
  group?: string | undefined;
  sort?: "created" | "started" | undefined;
}
export function useJobs(namespace: string, dag: string, filter: JobFilter = {}): Listing<JobItem> {
  const path = inNamespace(namespace, "dags", dag, "jobs");
  return useListing({ view: "jobs", scope: { namespace, dag }, path, query: { ...filter, limit: PAGE } });
}

export function useJob(namespace: string, name: string, asking: Asking = {}): UseQueryResult<JobDetail, Error> {
  return useView("job", { namespace, name }, inNamespace(namespace, "jobs", name), asking);
}

export function useEvents(
  namespace: string,
  job: string,
  asking: Asking = {},
): UseQueryResult<{ items: EventItem[] }, Error> {
  return useView("events", { namespace, name: job }, inNamespace(namespace, "jobs", job, "events"), asking);
}

/** The YAML of a DAG or job as the API server has it now. */
export function useManifest(namespace: string, kind: "dags" | "jobs", name: string): UseQueryResult<string, Error> {
  const client = useClient();
  const path = inNamespace(namespace, kind, name, "manifest");
  return useQuery<string, Error, string, Key>({
    queryKey: ["manifest", { namespace, name }, path],
    queryFn: ({ signal }) => client.text(path, signal),
  });
}

export interface RunFilter extends Filter {
  namespace?: string | undefined;
  phase?: string | undefined;
  search?: string | undefined;
}
export function useRuns(filter: RunFilter): Listing<RunItem> {
  const { namespace } = filter;
  return useListing({ view: "runs", scope: { namespace }, path: "v1/views/runs", query: { ...filter, limit: PAGE } });
}

export function useRun(namespace: string, id: string): UseQueryResult<RunDetail, Error> {
  return useView("run", { namespace }, withQuery(inNamespace(namespace, "runs"), { id }));
}

export interface GateFilter extends Filter {
  namespace?: string | undefined;
  phase?: "Pending" | "Decided" | undefined;
  limit?: number | undefined;
}
export function useApprovals(filter: GateFilter): Listing<GateItem> {
  const { namespace } = filter;
  const query = { limit: PAGE, ...filter };
  return useListing({ view: "approvals", scope: { namespace }, path: "v1/views/approvals", query });
}

export function useApproval(namespace: string, name: string): UseQueryResult<GateItem, Error> {
  return useView("approval", { namespace, name }, inNamespace(namespace, "approvals", name));
}

export function useServices(namespace?: string): Listing<ServiceItem> {
  return useListing({ view: "services", scope: { namespace }, path: "v1/views/services", query: { namespace } });
}

export function useFiles(namespace: string, prefix = "", asking: Asking = {}): Listing<FileItem> {
  const path = inNamespace(namespace, "files");
  return useListing({ view: "files", scope: { namespace }, path, query: { prefix, limit: PAGE }, ...asking });
}

export interface LeftFileFilter extends Filter {
  search?: string | undefined;
  job?: string | undefined;
}
export function useLeftFiles(
  namespace: string,
  dag: string,
  filter: LeftFileFilter = {},
  asking: Asking = {},
): Listing<LeftFile> {
  const path = inNamespace(namespace, "dags", dag, "files");
  const query = { ...filter, limit: PAGE };
  return useListing({ view: "leftFiles", scope: { namespace, dag }, path, query, ...asking });
}

export function useValues(namespace: string, prefix = "", asking: Asking = {}): Listing<ValueItem> {
  const path = inNamespace(namespace, "values");
  return useListing({ view: "values", scope: { namespace }, path, query: { prefix, limit: PAGE }, ...asking });
}

export function useSets(namespace: string, prefix = "", asking: Asking = {}): Listing<SetItem> {
  const path = inNamespace(namespace, "sets");
  return useListing({ view: "sets", scope: { namespace }, path, query: { prefix, limit: PAGE }, ...asking });
}

/** What the viewer may do in the namespace. Rights change rarely; the store itself looks at each call. */
export function useRights(namespace: string, asking: Asking = {}): UseQueryResult<Rights, Error> {
  return useView("rights", { namespace }, withQuery("v1/views/rights", { namespace }), asking);
}
