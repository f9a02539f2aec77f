import type { Listing } from "../../api/listings";

/** The next page of a listing; how much there is, where the store tells it. */
export function MoreButton<T>({ listing, what }: { listing: Listing<T>; what: string }) {
  if (!listing.hasMore) return null;
  return (
    <p className="more">
      <button type="button" className="button" aria-busy={listing.isLoadingMore} onClick={listing.loadMore}>
        {listing.isLoadingMore ? "Loading…" : `Load more ${what}`}
      </button>{" "}
      <span className="soft">
        {listing.items.length}
        {listing.total !== undefined && ` of ${listing.total}`} shown
      </span>
    </p>
  );
}
