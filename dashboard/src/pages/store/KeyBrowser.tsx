import type { ReactNode } from "react";
import type { Listing } from "../../api/listings";
import { useQueryParams } from "../../app/location";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatCount } from "../../parts/format";
import { SearchField } from "../../parts/SearchField";
import { Skeleton } from "../../parts/Skeleton";
import { showTurns } from "../../parts/turns";
import { Crumbs } from "../files/Crumbs";
import { levelOf } from "../files/folders";
import { MoreButton } from "../files/MoreButton";
import { SEPARATORS } from "./values";

interface KeyBrowserProps<T extends { key: string }> {
  listing: Listing<T>;
  what: string;
  /** At the end of a row. */
  facts: (item: T) => ReactNode;
  /** Beside the field for the prefix. */
  actions?: ReactNode;
  empty: ReactNode;
  /** What is shown of the chosen key. */
  children: ReactNode;
}

/** The prefix and the chosen key, which live in the address, and whether keys are read as folders. */
export function useKeyChoice() {
  const [params, change] = useQueryParams();
  return {
    prefix: params.get("prefix") ?? "",
    chosen: params.get("key") ?? undefined,
    isFlat: params.get("flat") === "1",
    change,
  };
}

/** Keys that begin with a prefix, plain or as folders, and what is kept under the chosen one. */
export function KeyBrowser<T extends { key: string }>(props: KeyBrowserProps<T>) {
  const { listing, what, facts, actions, empty, children } = props;
  const { prefix, chosen, isFlat, change } = useKeyChoice();
  const level = levelOf(listing.items, (item) => item.key, prefix, isFlat ? "" : SEPARATORS);
  const browse = (next: string) => change({ prefix: next, key: undefined });
  const isEmpty = level.folders.length + level.items.length === 0;
  return (
    <>
      <div className="filters">
        <SearchField label="Keys that begin with" value={prefix} onSearch={browse} />
        <label className="store-switch">
          <input
            type="checkbox"
            checked={!isFlat}
            onChange={(event) => change({ flat: event.target.checked ? undefined : "1" })}
          />{" "}
          As folders
        </label>
        {actions}
      </div>
      {!isFlat && <Crumbs label="Prefix" root="All keys" prefix={prefix} separators={SEPARATORS} onChoose={browse} />}
      <div className="browse">
        <div className="browse-list">
          {listing.error && <ErrorNote error={listing.error} retry={listing.refetch} />}
          {listing.error && listing.items.length === 0 ? null : listing.isPending ? (
            <Skeleton rows={4} />
          ) : isEmpty && prefix === "" ? (
            empty
          ) : isEmpty ? (
            <EmptyState title={`No ${what} begin with “${prefix}”`}>
              Take some of the prefix away to see more.
            </EmptyState>
          ) : (
            <ul className="file-rows" aria-label={what}>
              {level.folders.map((folder) => (
                <li key={folder.prefix}>
                  <button type="button" className="file-row" onClick={() => browse(folder.prefix)}>
                    <span className="file-row-name file-row-folder">{showTurns(folder.label)}</span>
                    <span className="file-row-facts">{formatCount(folder.items, "key")}</span>
                  </button>
                </li>
              ))}
              {level.items.map((item) => (
                <li key={item.key}>
                  <button
                    type="button"
                    className="file-row"
                    aria-pressed={item.key === chosen}
                    onClick={() => change({ key: item.key })}
                  >
                    <span className="file-row-name">
                      {showTurns(isFlat ? item.key : item.key.slice(prefix.length) || item.key)}
                    </span>
                    <span className="file-row-facts">{facts(item)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <MoreButton listing={listing} what="keys" />
        </div>
        <div className="browse-detail">{children}</div>
      </div>
    </>
  );
}
