/** What one job left in the workspace. */

import { useState } from "react";
import { useLeftFiles, useRights } from "../../../api/queries";
import type { LeftFile } from "../../../api/types";
import { EmptyState } from "../../../parts/EmptyState";
import { ErrorNote } from "../../../parts/ErrorNote";
import { formatBytes } from "../../../parts/format";
import { Download, Preview } from "../../../parts/Preview";
import { content } from "../../../parts/PreviewLoad";
import { Skeleton } from "../../../parts/Skeleton";
import { showTurns } from "../../../parts/turns";

interface Props {
  namespace: string;
  dag: string;
  /** Name of the job. */
  job: string;
}

export function JobFiles({ namespace, dag, job }: Props) {
  const right = useRights(namespace).data?.["files.read"];
  const files = useLeftFiles(namespace, dag, { job });
  const [shown, setShown] = useState<LeftFile | undefined>(undefined);
  if (right && !right.allowed) return <EmptyState title="You may not read files here">{right.reason}</EmptyState>;
  if (files.error) return <ErrorNote error={files.error} retry={files.refetch} />;
  if (files.isPending) return <Skeleton />;
  if (files.items.length === 0) {
    return (
      <EmptyState title="It left no files">
        Files that a job writes into its working directory appear here when it has ended.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="job-files">
        {files.items.map((file) => (
          <li key={file.path}>
            <button type="button" className="link" aria-expanded={file === shown} onClick={() => setShown(file)}>
              {showTurns(file.path)}
            </button>
            <span className="quiet">{formatBytes(file.size)}</span>
            <Download source={sourceOf(namespace, file)} />
          </li>
        ))}
      </ul>
      {files.hasMore && (
        <button type="button" className="button" onClick={files.loadMore}>
          Show more
        </button>
      )}
      {shown && (
        <section className="file-preview" aria-label={`Preview of ${shown.path}`}>
          <h3>{showTurns(shown.path)}</h3>
          <Preview key={shown.digest} source={sourceOf(namespace, shown)} />
        </section>
      )}
    </>
  );
}

function sourceOf(namespace: string, file: LeftFile) {
  return content(namespace, { ...file, name: file.path });
}
