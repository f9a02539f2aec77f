import {
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useContext, useEffect } from "react";
import { ApiError } from "./client";
import { useClient } from "./context";
import type { Key } from "./keys";
import { TabsContext } from "./tabs";
import type { Session } from "./types";

export const SESSION: Key = ["session", {}];
const PATH = "v1/session";
/** How long to wait before asking a store again that did not answer, in milliseconds. */
const AGAIN = 3_000;

/** Who is signed in; null for nobody. */
export function useSession(): UseQueryResult<Session | null, Error> {
  const client = useClient();
  return useQuery<Session | null, Error, Session | null, Key>({
    queryKey: SESSION,
    queryFn: async ({ signal }) => {
      try {
        const session = await client.get<Session>(PATH, signal);
        client.csrfToken = session.csrfToken;
        return session;
      } catch (problem) {
        if (problem instanceof ApiError && problem.status === 401) {
          return null;
        }
        throw problem;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    // Without a session there is no stream yet that would tell when the store is back.
    refetchInterval: ({ state: { data, error } }) =>
      data === undefined && error instanceof ApiError && error.isPassing ? AGAIN : false,
  });
}

export type Proof = { token: string } | { code: string };

/** Sign in; whatever somebody else saw on this page before is forgotten. */
export function useSignIn(): UseMutationResult<Session, Error, Proof> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<Session, Error, Proof>({
    mutationFn: (proof) => client.json<Session>(PATH, { method: "POST", body: proof }),
    onSuccess: async (session) => {
      // A question from before, whose answer is on its way, must not tell that nobody is signed in.
      await queries.cancelQueries({ queryKey: SESSION });
      client.csrfToken = session.csrfToken;
      forgetAnswers(queries);
      queries.setQueryData(SESSION, session);
    },
  });
}

export function useSignOut(): UseMutationResult<unknown, Error, void> {
  const client = useClient();
  const queries = useQueryClient();
  const tabs = useContext(TabsContext);
  return useMutation<unknown, Error, void>({
    mutationFn: () => client.json(PATH, { method: "DELETE" }),
    onSuccess: () => {
      client.csrfToken = "";
      queries.setQueryData(SESSION, null);
      forgetAnswers(queries);
      tabs.tellSignedOut();
    },
  });
}

/** After somebody has signed out in another tab this one, too, shows nothing any more, even if nobody looks at it. */
export function useCommonSignOut(): void {
  const client = useClient();
  const queries = useQueryClient();
  const tabs = useContext(TabsContext);
  useEffect(
    () =>
      tabs.hear(async () => {
        await queries.invalidateQueries({ queryKey: SESSION });
        if (queries.getQueryData<Session | null>(SESSION) === null) {
          client.csrfToken = "";
          forgetAnswers(queries);
        }
      }),
    [client, queries, tabs],
  );
}

function forgetAnswers(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
}
