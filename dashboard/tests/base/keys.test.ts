import { expect, test } from "vitest";
import { isAffected, type Key } from "../../src/api/keys";
import type { Change } from "../../src/api/types";

const DAG: Change = { kind: "TitanDAG", namespace: "a", name: "d1" };
const JOB: Change = { kind: "TitanJob", namespace: "a", name: "d1-j", dag: "d1" };
const LONE_JOB: Change = { kind: "TitanJob", namespace: "a", name: "alone" };
const GATE: Change = { kind: "TitanApproval", namespace: "a", name: "g", dag: "d1" };
const NODE: Change = { kind: "Node", namespace: "", name: "n" };

test.each<[string, Key, Change[]]>([
  ["an overview of everything", ["overview", {}], [DAG, JOB, LONE_JOB, GATE, NODE]],
  ["an overview of another namespace", ["overview", { namespace: "b" }], [NODE]],
  ["a list of DAGs", ["dags", { namespace: "a" }], [DAG, GATE]],
  ["a DAG", ["dag", { namespace: "a", dag: "d1" }], [DAG, GATE]],
  ["another DAG", ["dag", { namespace: "a", dag: "d2" }], []],
  ["a graph", ["graph", { namespace: "a", dag: "d1" }], [JOB, GATE]],
  ["a job and the gate behind it", ["job", { namespace: "a", name: "d1-j" }], [JOB, GATE]],
  ["another job", ["events", { namespace: "a", name: "other" }], []],
  ["an approval", ["approval", { namespace: "a", name: "g" }], [GATE]],
  ["another approval", ["approval", { namespace: "a", name: "h" }], []],
  ["files, which nobody watches", ["files", { namespace: "a" }], []],
])("%s is asked again for what it is made of", (_, key, expected) => {
  expect([DAG, JOB, LONE_JOB, GATE, NODE].filter((change) => isAffected(key, change))).toEqual(expected);
});
