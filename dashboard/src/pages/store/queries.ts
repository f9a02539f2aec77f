import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { inNamespace, withQuery } from "../../api/client";
import { useClient } from "../../api/context";
import type { Key } from "../../api/keys";
import type { ReadValue } from "./values";

/** A value with its ETag: what a later write is compared with. */
export function useValue(namespace: string, key: string): UseQueryResult<ReadValue, Error> {
  const client = useClient();
  return useQuery<ReadValue, Error, ReadValue, Key>({
    queryKey: ["value", { namespace }, key],
    queryFn: async ({ signal }) => {
      const response = await client.raw(addressOf(namespace, key), { signal });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { bytes, text: new TextDecoder().decode(bytes), etag: response.headers.get("ETag") ?? "" };
    },
  });
}

export function useMembers(namespace: string, key: string): UseQueryResult<{ members: string[] }, Error> {
  const client = useClient();
  return useQuery<{ members: string[] }, Error, { members: string[] }, Key>({
    queryKey: ["members", { namespace }, key],
    queryFn: ({ signal }) => client.get(withQuery(inNamespace(namespace, "set"), { key }), signal),
  });
}

/** `new`: only if there is nothing yet; an ETag: only if it is still that; `any`: whatever is there. */
export type Condition = { must: "new" } | { must: "be"; etag: string } | { must: "any" };
export type Write =
  | { kind: "put"; key: string; text: string; seconds?: number | undefined; condition: Condition }
  | { kind: "delete"; key: string; condition: Condition };

export function useWrite(namespace: string): UseMutationResult<unknown, Error, Write> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<unknown, Error, Write>({
    mutationFn: (write) => {
      const headers = headersOf(write.condition);
      if (write.kind === "delete") {
        return client.raw(addressOf(namespace, write.key), { method: "DELETE", headers });
      }
      const address = addressOf(namespace, write.key, write.seconds);
      return client.raw(address, { method: "PUT", body: write.text, headers });
    },
    onSuccess: async (_, write) => {
      if (write.kind === "delete") queries.removeQueries({ queryKey: ["value", { namespace }, write.key] });
      else await queries.invalidateQueries({ queryKey: ["value", { namespace }, write.key] });
      await queries.invalidateQueries({ queryKey: ["values", { namespace }] });
    },
  });
}

function addressOf(namespace: string, key: string, ttlSeconds?: number): string {
  return withQuery(inNamespace(namespace, "value"), { key, ttlSeconds });
}

function headersOf(condition: Condition): Record<string, string> {
  switch (condition.must) {
    case "new":
      return { "If-None-Match": "*" };
    case "be":
      return { "If-Match": condition.etag };
    case "any":
      return {};
  }
}
