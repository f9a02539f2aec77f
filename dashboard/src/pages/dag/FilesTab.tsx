/** What the jobs of a DAG left in its workspace. */

import { useState } from "react";
import { useLeftFiles, useRights } from "../../api/queries";
import type { LeftFile } from "../../api/types";
import { EmptyState } from "../../parts/EmptyState";
import { formatBytes } from "../../parts/format";
import { ListingTable } from "../../parts/ListingTable";
import { Download, Preview } from "../../parts/Preview";
import { content } from "../../parts/PreviewLoad";
import { SearchField } from "../../parts/SearchField";
import type { Column } from "../../parts/Table";
import { showTurns } from "../../parts/turns";

interface Props {
  namespace: string;
  dag: string;
}

export function FilesTab({ namespace, dag }: Props) {
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState<LeftFile | undefined>(undefined);
  const right = useRights(namespace).data?.["files.read"];
  const files = useLeftFiles(namespace, dag, { search });
  if (right && !right.allowed) return <EmptyState title="You may not read files here">{right.reason}</EmptyState>;
  return (
    <>
      <div className="filters">
        <SearchField label="Search files" value={search} onSearch={setSearch} />
      </div>
      <ListingTable
        label="Files"
        columns={columnsFor(namespace)}
        listing={files}
        rowKey={(file) => file.path}
        onOpen={setShown}
        isCurrent={(file) => file.path === shown?.path}
        empty={
          <EmptyState title={search ? "No file matches" : "No files were left"}>
            {search
              ? "Try another name."
              : "Files that a job writes into its working directory appear here when it has ended."}
          </EmptyState>
        }
      />
      {shown && (
        <section className="file-preview" aria-label={`Preview of ${shown.path}`}>
          <h3>{showTurns(shown.path)}</h3>
          <Preview key={shown.digest} source={content(namespace, { ...shown, name: shown.path })} />
        </section>
      )}
    </>
  );
}

function columnsFor(namespace: string): readonly Column<LeftFile>[] {
  return [
    { key: "path", title: "File", width: "minmax(0, 3fr)", render: (file) => showTurns(file.path) },
    { key: "size", title: "Size", width: "6rem", align: "end", render: (file) => formatBytes(file.size) },
    { key: "job", title: "Left by", render: (file) => file.jobID },
    {
      key: "get",
      title: "Download",
      width: "7rem",
      render: (file) => <Download source={content(namespace, { ...file, name: file.path })} />,
    },
  ];
}
