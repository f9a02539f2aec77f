/** Names for what the store answers. The fields are in schema.ts, which is generated from its OpenAPI document. */

import type { DagItem, DagPage, GateItem, JobItem, Rights } from "./schema";

export type {
  AttemptItem as Attempt,
  CapacityItem as Capacity,
  ChangeItem as Change,
  ChangesMessage as Changes,
  CommentItem as Comment,
  ConditionItem as Condition,
  DagDetail,
  DagFile as LeftFile,
  DagItem,
  EventItem,
  FileItem,
  GateItem,
  GivenDecision as Decision,
  GraphAnswer as Graph,
  GraphNode,
  JobDetail,
  JobItem,
  NamespaceItem,
  NamespaceList as Namespaces,
  Overview,
  Right,
  Rights,
  RunDetail,
  RunItem,
  ServiceItem,
  Session,
  SetItem,
  StageItem as Stage,
  ValueItem,
} from "./schema";

/** A page of any listing: ask with `continue` for the next. */
export type Page<T> = Omit<DagPage, "items"> & { items: T[] };

export type DagPhase = DagItem["phase"];
export type JobPhase = JobItem["phase"];
export type GatePhase = GateItem["phase"];
export type Counts = DagItem["counts"];
export type Action = keyof Rights;
