import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Boundary } from "../parts/Boundary";
import { PageHead } from "../parts/PageHead";
import { PageSkeleton } from "../parts/Skeleton";
import { decodeName, LISTS, type List } from "./location";
import type { ObjectProps, RunProps } from "./props";

/** Each page is its own chunk: nobody waits for graphs or markdown who does not look at them. */
const LIST_LOADS: Record<List, () => Promise<{ default: ComponentType }>> = {
  "/": () => import("../pages/overview/Overview"),
  "/dags": () => import("../pages/dags/Dags"),
  "/runs": () => import("../pages/runs/Runs"),
  "/files": () => import("../pages/files/Files"),
  "/store": () => import("../pages/store/StorePage"),
  "/approvals": () => import("../pages/approvals/Approvals"),
  "/services": () => import("../pages/services/Services"),
};
const OBJECT_LOADS = {
  "/dags": () => import("../pages/dag/Dag"),
  "/approvals": () => import("../pages/approvals/Approval"),
  "/runs": () => import("../pages/runs/Run"),
};
const LIST_PAGES = LISTS.map((path) => ({ path, Shown: lazy<ComponentType>(LIST_LOADS[path]) }));
const Dag = lazy<ComponentType<ObjectProps>>(OBJECT_LOADS["/dags"]);
const Approval = lazy<ComponentType<ObjectProps>>(OBJECT_LOADS["/approvals"]);
const Run = lazy<ComponentType<RunProps>>(OBJECT_LOADS["/runs"]);

/** Fetches the page of an address while it is still being found out who is signed in. */
export function preloadPage(address: string): void {
  const [, list = "", ...names] = (address.split("?", 1)[0] ?? "").split("/");
  const loads: Record<string, () => Promise<unknown>> = names.length > 0 ? OBJECT_LOADS : LIST_LOADS;
  // A chunk that cannot be had is told when the page is shown.
  loads[`/${list}`]?.().catch(() => undefined);
}

/** Names come decoded; the key makes a new page of a new object, so that no state of the one before is left. */
export function Routes() {
  const page = (key: string, shown: ReactNode) => (
    <Boundary key={key}>
      <Suspense fallback={<PageSkeleton />}>{shown}</Suspense>
    </Boundary>
  );
  return (
    <Switch>
      {LIST_PAGES.map(({ path, Shown }) => (
        <Route key={path} path={path}>
          {page(path, <Shown />)}
        </Route>
      ))}
      <Route path="/dags/:namespace/:name">
        {(found) => page(`${found.namespace}/${found.name}`, <Dag {...decodeObject(found)} />)}
      </Route>
      <Route path="/approvals/:namespace/:name">
        {(found) => page(`${found.namespace}/${found.name}`, <Approval {...decodeObject(found)} />)}
      </Route>
      <Route path="/runs/:namespace/:id">
        {(found) =>
          page(
            `${found.namespace}/${found.id}`,
            <Run namespace={decodeName(found.namespace)} id={decodeName(found.id)} />,
          )
        }
      </Route>
      <Route>
        <div className="page">
          <PageHead title="There is no such page" />
          <p>
            The address may be mistyped. <a href="#/">Go to the overview</a>
          </p>
        </div>
      </Route>
    </Switch>
  );
}

function decodeObject({ namespace, name }: ObjectProps): ObjectProps {
  return { namespace: decodeName(namespace), name: decodeName(name) };
}
