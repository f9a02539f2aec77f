import type { Change } from "./types";

/** What a question is about; narrower scopes are asked again for fewer changes. */
export interface Scope {
  namespace?: string | undefined;
  dag?: string | undefined;
  /** Of the object itself. */
  name?: string | undefined;
}

/** Which kinds of objects an answer is made of. Values, files and rights are not watched by anybody. */
const WATCHED = {
  session: [],
  namespaces: [],
  overview: ["TitanDAG", "TitanJob", "TitanApproval", "Node"],
  dags: ["TitanDAG", "TitanApproval"],
  dag: ["TitanDAG", "TitanApproval"],
  graph: ["TitanJob", "TitanApproval"],
  jobs: ["TitanJob", "TitanApproval"],
  job: ["TitanJob", "TitanApproval"],
  events: ["TitanJob"],
  manifest: [],
  runs: ["TitanDAG", "TitanApproval"],
  run: ["TitanDAG", "TitanJob", "TitanApproval"],
  approvals: ["TitanApproval"],
  approval: ["TitanApproval"],
  services: ["TitanJob"],
  files: [],
  leftFiles: ["TitanJob"],
  values: [],
  value: [],
  sets: [],
  members: [],
  rights: [],
  logs: ["TitanJob"],
} as const satisfies Record<string, readonly Change["kind"][]>;

export type View = keyof typeof WATCHED;
/** View, what it is about, and whatever else the question consists of. */
export type Key = readonly [View, Scope, ...unknown[]];

/** Whether an answer may be different after the change. */
export function isAffected([view, scope]: Key, change: Change): boolean {
  const kinds: readonly Change["kind"][] = WATCHED[view];
  if (!kinds.includes(change.kind)) {
    return false;
  }
  if (change.kind === "Node") {
    return true;
  }
  return (
    matches(scope.namespace, change.namespace) &&
    matches(scope.dag, dagOf(change)) &&
    (!isOf(view, change.kind) || matches(scope.name, change.name))
  );
}

/** A job without a DAG stands alone. */
function dagOf(change: Change): string | undefined {
  return change.kind === "TitanDAG" ? change.name : change.kind === "TitanJob" ? (change.dag ?? "") : change.dag;
}

function matches(asked: string | undefined, changed: string | undefined): boolean {
  return asked === undefined || changed === undefined || asked === changed;
}

/** A job's page also shows its gate, whose name is another: only changes of its own kind are told apart by name. */
function isOf(view: View, kind: Change["kind"]): boolean {
  return (
    (kind === "TitanJob" && (view === "job" || view === "events" || view === "logs")) ||
    (kind === "TitanApproval" && view === "approval")
  );
}

/** Keys come from TanStack as they were given, but untyped. */
export function isKey(key: readonly unknown[]): key is Key {
  return typeof key[0] === "string" && key[0] in WATCHED && typeof key[1] === "object" && key[1] !== null;
}
