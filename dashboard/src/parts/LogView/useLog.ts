/** A log for a component: opened with it, closed with it, paused while nobody looks at the tab. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { SESSION } from "../../api/session";
import type { LogEdge } from "./following";
import { LogSession, type LogSnapshot } from "./session";

/** The browser's own. */
export const BROWSER: LogEdge = {
  fetch: (address, init) => fetch(address, { ...init, cache: "no-store" }),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

export function useLog(
  namespace: string,
  job: string,
  attempt: number | undefined,
  edge: LogEdge,
): { session: LogSession; log: LogSnapshot } {
  const queries = useQueryClient();
  const session = useMemo(() => {
    const asking: LogEdge = {
      ...edge,
      fetch: async (address, init) => {
        const response = await edge.fetch(address, init);
        // The session has ended meanwhile: asking who is signed in leads to the sign-in page.
        if (response.status === 401) void queries.invalidateQueries({ queryKey: SESSION });
        return response;
      },
    };
    return new LogSession(asking, { namespace, job, attempt });
  }, [namespace, job, attempt, edge, queries]);
  useEffect(() => {
    // A browser allows six connections to a host, for all tabs together.
    const look = () => (document.hidden ? session.stop() : session.start());
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      session.stop();
    };
  }, [session]);
  return { session, log: useSyncExternalStore(session.subscribe, session.snapshot) };
}
