import { useState } from "react";
import { useLeftFiles } from "../../api/queries";
import type { LeftFile } from "../../api/types";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { formatBytes } from "../../parts/format";
import { Preview } from "../../parts/Preview";
import { content } from "../../parts/PreviewLoad";
import { SearchField } from "../../parts/SearchField";
import { Skeleton } from "../../parts/Skeleton";
import { showTurns } from "../../parts/turns";
import { MoreButton } from "./MoreButton";
import "./files.css";

interface LeftFilesProps {
  namespace: string;
  dag: string;
  /** Name of the TitanJob whose files alone are listed. */
  job?: string | undefined;
}

/** Files that jobs left, and what is in the chosen one. */
export function LeftFiles({ namespace, dag, job }: LeftFilesProps) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string>();
  const files = useLeftFiles(namespace, dag, { search: search || undefined, job });
  const file = files.items.find((item) => item.path === chosen);
  if (files.error && files.items.length === 0) return <ErrorNote error={files.error} retry={files.refetch} />;
  if (files.isPending) return <Skeleton rows={4} />;
  if (files.items.length === 0 && search === "") {
    return (
      <EmptyState title={job ? "This job left no files" : "The jobs of this DAG left no files"}>
        What a job writes into its working directory is listed here when it has succeeded.
      </EmptyState>
    );
  }
  return (
    <div className="browse">
      <div className="browse-list">
        <SearchField label="Search paths" value={search} onSearch={setSearch} />
        {files.error && <ErrorNote error={files.error} retry={files.refetch} />}
        {files.items.length === 0 && <p className="soft">No path holds “{search}”.</p>}
        <ul className="file-rows">
          {files.items.map((item) => (
            <LeftFileRow
              key={item.path}
              file={item}
              showsJob={job === undefined}
              isChosen={item.path === chosen}
              onChoose={() => setChosen(item.path)}
            />
          ))}
        </ul>
        <MoreButton listing={files} what="files" />
      </div>
      <div className="browse-detail">
        {file ? (
          <>
            <h2>{showTurns(file.path)}</h2>
            <Preview key={file.digest} source={content(namespace, { ...file, name: file.path })} />
          </>
        ) : (
          <p className="soft">Choose a file to see what is in it.</p>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  file: LeftFile;
  showsJob: boolean;
  isChosen: boolean;
  onChoose: () => void;
}

function LeftFileRow({ file, showsJob, isChosen, onChoose }: RowProps) {
  return (
    <li>
      <button type="button" className="file-row" aria-pressed={isChosen} onClick={onChoose}>
        <span className="file-row-name">{showTurns(file.path)}</span>
        <span className="file-row-facts">
          {showsJob && <span>{file.jobID}</span>}
          <span>{formatBytes(file.size)}</span>
        </span>
      </button>
    </li>
  );
}
