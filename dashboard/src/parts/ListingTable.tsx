import type { Listing } from "../api/listings";
import { ErrorNote } from "./ErrorNote";
import { Table, type TableProps } from "./Table";

type ListingTableProps<T> = Omit<TableProps<T>, "items" | "total" | "isPending" | "hasMore" | "loadMore"> & {
  listing: Listing<T>;
};

/** A listing of the store as a table. What could not be asked for is an error, and never called empty. */
export function ListingTable<T>({ listing, ...table }: ListingTableProps<T>) {
  const { items, total, isPending, error, hasMore, loadMore, refetch } = listing;
  return (
    <>
      {error && <ErrorNote error={error} retry={refetch} />}
      {!(error && items.length === 0) && (
        <Table {...table} items={items} total={total} isPending={isPending} hasMore={hasMore} loadMore={loadMore} />
      )}
    </>
  );
}
