import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Method } from "./client";
import { useClient } from "./context";

/**
 * Something that the reader does: `mutate()` sends the body (or the one given to `mutate`), and whatever is on the
 * screen is asked for again afterwards, also after a refusal, which often means that somebody else was faster.
 */
export function useAction<T = unknown>(
  path: string,
  body?: unknown,
  method: Method = "POST",
  patience?: number,
): UseMutationResult<T, Error, unknown> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<T, Error, unknown>({
    mutationFn: (given) => client.json<T>(path, { method, body: given ?? body, patience }),
    onSettled: () => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" }),
  });
}
