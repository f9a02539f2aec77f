import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { ApiError } from "./client";
import { useClient } from "./context";
import type { Key } from "./keys";
import type { Session } from "./types";

export const SESSION: Key = ["session", {}];
const PATH = "v1/session";

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
  });
}

export type Proof = { token: string } | { code: string };

/** Sign in; whatever somebody else saw on this page before is forgotten. */
export function useSignIn(): UseMutationResult<Session, Error, Proof> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<Session, Error, Proof>({
    mutationFn: (proof) => client.json<Session>(PATH, { method: "POST", body: proof }),
    onSuccess: (session) => {
      client.csrfToken = session.csrfToken;
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
      queries.setQueryData(SESSION, session);
    },
  });
}

export function useSignOut(): UseMutationResult<unknown, Error, void> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<unknown, Error, void>({
    mutationFn: () => client.json(PATH, { method: "DELETE" }),
    onSuccess: () => {
      client.csrfToken = "";
      queries.setQueryData(SESSION, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    },
  });
}
