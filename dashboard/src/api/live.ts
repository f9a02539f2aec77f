import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState } from "react";
import { later } from "./patience";
import { Refresher } from "./refresh";
import { SESSION } from "./session";
import { type Connection, type Edge, Stream } from "./stream";
import type { Changes, Namespaces } from "./types";

/** Where the stream comes from; tests bring their own. */
export const EdgeContext = createContext<Edge>({
  open: (address) => new EventSource(address),
  later,
});

/** Keeps what is on the screen up to date while the tab is visible; says how the connection is. */
export function useLive(): Connection {
  const edge = useContext(EdgeContext);
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => {
    const refresher = new Refresher(queries, { now: () => performance.now(), later: edge.later });
    const stream = new Stream(edge, {
      connection: setConnection,
      changed: (changes) => {
        refresher.hear(changes);
        const known = queries.getQueriesData<Namespaces>({ queryKey: ["namespaces"] })[0]?.[1];
        if (known && namesUnknown(changes, known)) {
          void queries.invalidateQueries({ queryKey: ["namespaces"] });
        }
      },
      broke: () => void queries.invalidateQueries({ queryKey: SESSION }),
    });
    const follow = () => (document.hidden ? stream.pause() : stream.start());
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      stream.stop();
      refresher.stop();
    };
  }, [edge, queries]);
  return connection;
}

/** Counts of DAGs in the list of namespaces need not be exact; a namespace that is missing there would be missed. */
function namesUnknown(changes: Changes, known: Namespaces): boolean {
  const names = new Set(known.items.map((item) => item.name));
  return changes.items.some((change) => change.kind === "TitanDAG" && !names.has(change.namespace));
}
