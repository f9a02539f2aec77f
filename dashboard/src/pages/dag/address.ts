/** What of a DAG is shown is in its address, so that it can be passed on: the view, the job, its tab, opened folds. */

import { useMemo } from "react";
import { useQueryParams } from "../../app/location";

export const VIEWS = ["graph", "jobs", "timeline", "files", "yaml"] as const;
export type DagTab = (typeof VIEWS)[number];
export const JOB_TABS = ["log", "attempts", "events", "details", "files", "yaml"] as const;
export type JobTab = (typeof JOB_TABS)[number];

export interface DagAddress {
  view: DagTab;
  /** Name of the job whose panel is open. */
  job: string | undefined;
  /** Absent: the panel chooses. */
  tab: JobTab | undefined;
  attempt: number | undefined;
  open: readonly string[];
  /** Filters of the list of jobs. */
  group: string | undefined;
  phase: string | undefined;
  search: string;
}

export interface Navigation {
  showView(view: DagTab): void;
  openJob(name: string | undefined): void;
  showTab(tab: JobTab): void;
  showAttempt(attempt: number | undefined): void;
  toggle(fold: string, isOpen: boolean): void;
  list(fold: string | undefined): void;
  filter(filter: { phase?: string; search?: string }): void;
}

export function useDagAddress(): [DagAddress, Navigation] {
  const [params, change] = useQueryParams();
  const address = useMemo(() => readAddress(params), [params]);
  const { open } = address;
  const navigation = useMemo<Navigation>(
    () => ({
      showView: (view) => change({ view: view === "graph" ? undefined : view }),
      openJob: (job) => change({ job, tab: undefined, attempt: undefined }),
      showTab: (tab) => change({ tab }, { replace: true }),
      showAttempt: (attempt) => change({ attempt: attempt?.toString(), tab: "log" }, { replace: true }),
      toggle: (fold, isOpen) => {
        const rest = open.filter((id) => id !== fold);
        change({ open: (isOpen ? [...rest, fold] : rest).join(",") }, { replace: true });
      },
      list: (group) => change({ group, view: "jobs" }),
      filter: (filter) => change(filter, { replace: true }),
    }),
    [change, open],
  );
  return [address, navigation];
}

export function readAddress(params: URLSearchParams): DagAddress {
  const attempt = Number(params.get("attempt"));
  return {
    view: VIEWS.find((view) => view === params.get("view")) ?? "graph",
    job: params.get("job") || undefined,
    tab: JOB_TABS.find((tab) => tab === params.get("tab")),
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : undefined,
    open: params.get("open")?.split(",").filter(Boolean) ?? [],
    group: params.get("group") || undefined,
    phase: params.get("phase") || undefined,
    search: params.get("search") ?? "",
  };
}
