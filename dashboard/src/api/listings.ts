import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { type QueryValue, withQuery } from "./client";
import { useClient } from "./context";
import type { Key, Scope, View } from "./keys";
import type { Page } from "./types";

/** Pages of a listing, joined. */
export interface Listing<T> {
  items: T[];
  /** How many match on all pages, where the store tells it. */
  total: number | undefined;
  isPending: boolean;
  /** Of the first page or of the last attempt to renew it; items may be there nevertheless. */
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  refetch: () => void;
}

/** Some listings of the store do not count what matches. */
type AnyPage<T> = Omit<Page<T>, "total"> & { total?: number };

/** A question that is answered in pages; further ones are asked for when the reader comes near their beginning. */
export interface Question {
  view: View;
  scope: Scope;
  path: string;
  query: Record<string, QueryValue>;
  enabled?: boolean;
}

export function useListing<T>({ view, scope, path, query, enabled = true }: Question): Listing<T> {
  const client = useClient();
  const key: Key = [view, scope, path, query];
  const result = useInfiniteQuery<AnyPage<T>, Error, InfiniteData<AnyPage<T>, string>, Key, string>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => client.get(withQuery(path, { ...query, continue: pageParam }), signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.continue || undefined,
    // While a filter changes its items stay; those of another place would be taken for this one's.
    placeholderData: (previous, before) => (before && isSamePlace(before.queryKey, key) ? previous : undefined),
    enabled,
  });
  const { data, fetchNextPage, refetch, hasNextPage, isFetchingNextPage } = result;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    items,
    total: data?.pages.at(-1)?.total,
    isPending: result.isPending,
    error: result.error,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

function isSamePlace([, before, pathBefore, queryBefore]: Key, [, now, path, query]: Key): boolean {
  return pathBefore === path && before.namespace === now.namespace && prefixOf(queryBefore) === prefixOf(query);
}

function prefixOf(query: unknown): unknown {
  return typeof query === "object" && query !== null && "prefix" in query ? query.prefix : undefined;
}
