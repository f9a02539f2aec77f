/** What the store answers: the shapes of its OpenAPI document that the page uses. Times are RFC 3339 in UTC. */

export type DagPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Cancelled";
export type JobPhase = DagPhase | "Serving";
export type GatePhase = "Scheduled" | "Pending" | "Approved" | "Rejected" | "TimedOut";
export type Counts = Partial<Record<"pending" | "running" | "serving" | "succeeded" | "failed" | "cancelled", number>>;

/** A page of a listing: ask with `continue` for the next. `total` counts all that match, on all pages. */
export interface Page<T> {
  items: T[];
  total: number;
  continue?: string;
}

export interface Session {
  user: string;
  groups: string[];
  csrfToken: string;
  /** token: somebody pasted one, or `titan dashboard` brought it; proxy: the header of a trusted proxy. */
  signIn: "token" | "proxy";
  /** An identity that many share cannot decide about gates. */
  isShared: boolean;
  expireTime: string;
}

export interface NamespaceItem {
  name: string;
  dags: number;
}
export interface Namespaces {
  items: NamespaceItem[];
  /** Whether the viewer may see all namespaces at once. */
  all: boolean;
}

export interface DagItem {
  namespace: string;
  name: string;
  uid: string;
  /** As the user wrote it. */
  displayName: string;
  phase: DagPhase;
  /** Ended jobs of all jobs, "3/7". */
  progress: string;
  counts: Counts;
  waitingApprovals: number;
  createTime: string;
  startTime?: string;
  completionTime?: string;
  agentRunID?: string;
  requestedBy?: string;
  /** Why it waits or failed; empty where there is nothing to say. */
  message: string;
  run: number;
  suspended: boolean;
  cancelling: boolean;
  maxParallel?: number;
}
export interface Comment {
  user: string;
  time: string;
  text: string;
}
export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime?: string;
}
export interface DagDetail extends DagItem {
  comments: Comment[];
  conditions: Condition[];
  workspace: "Sync" | "Claim" | "None";
  ttlSecondsAfterFinished: number;
}

export interface JobItem {
  namespace: string;
  name: string;
  uid: string;
  /** The user's own id. */
  jobID: string;
  dag?: string;
  phase: JobPhase;
  attempt: number;
  node?: string;
  requirement: string;
  priority: number;
  type: "Run" | "Service";
  createTime: string;
  /** When its parents were done. */
  readyTime?: string;
  startTime?: string;
  completionTime?: string;
  /** Ids of the jobs before it. */
  parents: string[];
  /** State of the gate behind the job; absent without a gate. */
  approval?: GatePhase;
  exitCode?: number;
  message: string;
  suspended: boolean;
  cancelling: boolean;
  /** host:port of a service while it runs. */
  address?: string;
}
export interface Attempt {
  number: number;
  pod: string;
  nodeName?: string;
  startTime?: string;
  endTime?: string;
  exitCode?: number;
  reason?: string;
  message?: string;
}
export interface JobDetail {
  job: JobItem;
  /** One sentence: why it is where it is. */
  why: string;
  /** The last ten, oldest first. */
  attempts: Attempt[];
  conditions: Condition[];
  children: string[];
  source: {
    kind: "inline" | "script" | "archive" | "container";
    fileName?: string;
    digest?: string;
    entrypoint?: string;
    image?: string;
    command?: string[];
  };
  args: string[];
  env: { name: string; value: string }[];
  /** Names of Secrets; their content is never told. */
  secrets: string[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  image?: string;
  retry: { limit: number; backoffSeconds: number };
  activeDeadlineSeconds?: number;
  requestedBy?: string;
  gate?: GateItem;
}
/** An Event of Kubernetes, in its own words. */
export interface EventItem {
  time: string;
  type: string;
  reason: string;
  message: string;
  /** "Pod x", "TitanJob y". */
  object: string;
  count: number;
  source: string;
}

/**
 * A node of a DAG's graph. Fan-outs, chains and, in the biggest graphs, bands of levels are folded into one node; an
 * opened fold shows its members as Job nodes that name it in `group`.
 */
export interface GraphNode {
  /** A job's own id (`job:<jobID>`), or that of a fold (`fold:…`); stable while the graph lives. */
  id: string;
  kind: "Job" | "FanOut" | "Chain" | "Band";
  label: string;
  /** Ids of the nodes before it. */
  parents: string[];
  /** Of a job its own; of a fold the one that matters most: Failed, Running, Serving, Pending, Cancelled, Succeeded. */
  phase: JobPhase;
  /** Jobs in it: 1 for a job. */
  size: number;
  /** Of folds. */
  counts?: Counts;
  /** Of jobs. */
  job?: JobItem;
  /** The fold that was opened to show this job. */
  group?: string;
  /** Whether it can be opened in the graph; bigger folds are read as a list. */
  opens: boolean;
}
export interface Graph {
  /** Changes whenever the nodes or their parents do; states change without it. */
  shape: string;
  jobs: number;
  nodes: GraphNode[];
}

export interface Decision {
  user: string;
  verdict: "Approve" | "Reject";
  comment: string;
  time?: string;
}
export interface GateItem {
  name: string;
  namespace: string;
  dag?: string;
  /** Name and uid of the TitanJob that the gate stands behind, and the user's id of it. */
  job: string;
  jobUID: string;
  jobID: string;
  round: number;
  phase: GatePhase;
  message: string;
  requestedBy?: string;
  users: string[];
  groups: string[];
  requiredApprovals: number;
  openTime?: string;
  deadline?: string;
  decidedTime?: string;
  decisions: Decision[];
  /** The cluster does not prove who decides: why, in the operator's words. */
  unprotected?: string;
  /** Whether the viewer may decide now; if not, why not. */
  mayDecide: boolean;
  whyNot?: string;
  /** What to type instead: `titan approve …`. */
  command: string;
}

export interface Capacity {
  requirement: string;
  running: number;
  /** Jobs that could start now if there were room. */
  waiting: number;
  /** Nodes that may take such jobs. */
  nodes: number;
  /** How many such jobs the scarcest resource of these nodes holds; absent where nothing limits them. */
  places?: number;
}
export interface Overview {
  counts: Record<"pending" | "running" | "succeeded" | "failed" | "cancelled", number>;
  running: DagItem[];
  gates: GateItem[];
  failed: DagItem[];
  capacity: Capacity[];
  /** Jobs whose parents are done and that have no pod or no node yet, in the order in which they will start. */
  queue: JobItem[];
  queueLength: number;
}

export interface RunItem {
  namespace: string;
  runID: string;
  phase: DagPhase;
  createTime: string;
  completionTime?: string;
  stages: number;
  counts: Counts;
  waitingApprovals: number;
}
export interface Stage {
  dag: DagItem;
  /** How often a DAG of this display name has been submitted in the run, this one included. */
  iteration: number;
  /** At most 200; `jobCount` says how many there are. */
  jobs: JobItem[];
  jobCount: number;
}
export interface RunDetail {
  run: RunItem;
  stages: Stage[];
  artifacts: { key: string; name: string; digest: string }[];
}

export interface ServiceItem {
  job: JobItem;
  ready: boolean;
  /** How often Kubernetes has restarted it. */
  restarts: number;
}

export interface LeftFile {
  path: string;
  size: number;
  digest: string;
  mode: number;
  jobID: string;
}
export interface FileItem {
  name: string;
  size: number;
  digest: string;
  updateTime: string;
}
export interface ValueItem {
  key: string;
  size: number;
  etag: string;
  updateTime: string;
  expireTime?: string;
}
export interface SetItem {
  key: string;
  members: number;
}

/** What the viewer may do in a namespace; the reason is for the button's title. */
export type Action =
  | "dags.cancel"
  | "dags.retry"
  | "dags.resubmit"
  | "dags.comment"
  | "dags.suspend"
  | "jobs.cancel"
  | "approvals.decide"
  | "values.write"
  | "values.delete"
  | "files.write"
  | "files.delete"
  | "logs.read"
  | "files.read"
  | "values.read"
  | "events.read";
export interface Right {
  allowed: boolean;
  reason?: string;
  /** What to type in a terminal instead, with NAME where the object's name belongs. */
  command?: string;
}
export type Rights = Record<Action, Right>;

/** An item of the stream of changes: something of this kind and name is different now; ask for it if you show it. */
export interface Change {
  kind: "TitanDAG" | "TitanJob" | "TitanApproval" | "Node";
  namespace: string;
  name: string;
  /** Of jobs and gates. */
  dag?: string;
}
export interface Changes {
  items: Change[];
  /** Too much has changed to tell it one by one, or something may have been missed: ask for everything again. */
  all: boolean;
}
