import { useCallback } from "react";
import { useDags } from "../../api/queries";
import { links } from "../../app/links";
import { useQueryParams } from "../../app/location";
import { useNamespace } from "../../app/namespace";
import { ListingTable } from "../../parts/ListingTable";
import { PageHead } from "../../parts/PageHead";
import { Phases } from "../../parts/Phases";
import { SearchField } from "../../parts/SearchField";
import { columnsOf } from "./columns";
import { NoDags } from "./NoDags";

const PHASES = ["Running", "Pending", "Failed", "Succeeded", "Cancelled"] as const;

/** All DAGs, the newest first; every filter is part of the address. */
export default function Dags() {
  const [namespace] = useNamespace();
  const [params, change] = useQueryParams();
  const phase = params.get("phase") ?? "";
  const search = params.get("search") ?? "";
  const run = params.get("run") ?? "";
  const dags = useDags({ namespace, phase, search, run });
  const onSearch = useCallback((text: string) => change({ search: text }, { replace: true }), [change]);
  const isFiltered = Boolean(phase || search || run);
  return (
    <div className="page">
      <PageHead title="DAGs" beside={dags.total !== undefined && <span className="soft">{dags.total}</span>} />
      <div className="filters">
        <SearchField label="Search by name, run or person" value={search} onSearch={onSearch} />
        <Phases phases={PHASES} chosen={phase} onChoose={(chosen) => change({ phase: chosen })} />
        {run && (
          <button type="button" className="chip" aria-pressed="true" onClick={() => change({ run: undefined })}>
            Agent run {run} <span aria-hidden="true">×</span>
            <span className="hidden">(remove this filter)</span>
          </button>
        )}
      </div>
      <ListingTable
        label="DAGs"
        columns={columnsOf(namespace === undefined)}
        listing={dags}
        rowKey={(dag) => dag.uid}
        href={(dag) => links.dag(dag.namespace, dag.name)}
        empty={
          <NoDags
            isFiltered={isFiltered}
            onAll={() => change({ phase: undefined, search: undefined, run: undefined })}
          />
        }
      />
    </div>
  );
}
