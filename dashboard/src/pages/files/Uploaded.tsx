import { useState } from "react";
import { useFiles, useRights } from "../../api/queries";
import { useQueryParams } from "../../app/location";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";
import { Crumbs } from "./Crumbs";
import { DropZone } from "./DropZone";
import { FileDetail } from "./FileDetail";
import { FileRows } from "./FileRows";
import { levelOf } from "./folders";
import { MoreButton } from "./MoreButton";
import { UploadBar } from "./UploadBar";
import { UploadList } from "./UploadList";
import { useUploads } from "./useUploads";
import "./files.css";

/** Files by name, browsed like folders; the folder and the chosen file are in the address. */
export function Uploaded({ namespace }: { namespace: string }) {
  const [params, change] = useQueryParams();
  const prefix = params.get("prefix") ?? "";
  const chosen = params.get("file") ?? undefined;
  const files = useFiles(namespace, prefix);
  const rights = useRights(namespace);
  const uploads = useUploads(namespace);
  const [target, setTarget] = useState<string>();
  const level = levelOf(files.items, (file) => file.name, prefix, "/");
  const file = files.items.find((item) => item.name === chosen);
  const send = (sent: Iterable<File>) => uploads.add(target ?? prefix, sent);
  const mayWrite = rights.data?.["files.write"];

  return (
    <DropZone isOpen={mayWrite?.allowed === true} folder={target ?? prefix} onFiles={send}>
      <UploadBar right={mayWrite} folder={target ?? prefix} onFolder={setTarget} onFiles={send} />
      <UploadList uploads={uploads} />
      <Crumbs
        label="Folder"
        root="All files"
        prefix={prefix}
        separators="/"
        onChoose={(next) => {
          setTarget(undefined);
          change({ prefix: next, file: undefined });
        }}
      />
      {files.error && <ErrorNote error={files.error} retry={files.refetch} />}
      {files.error && files.items.length === 0 ? null : files.isPending ? (
        <Skeleton rows={4} />
      ) : level.folders.length + level.items.length === 0 ? (
        <EmptyState title={prefix ? "Nothing in this folder" : "No files yet"}>
          Upload one with the button above, drop it here, or type “titan files put FILE” in a terminal.
        </EmptyState>
      ) : (
        <div className="browse">
          <div className="browse-list">
            <FileRows
              level={level}
              prefix={prefix}
              chosen={chosen}
              onFolder={(next) => {
                setTarget(undefined);
                change({ prefix: next, file: undefined });
              }}
              onFile={(name) => change({ file: name })}
            />
            <MoreButton listing={files} what="files" />
          </div>
          <FileDetail
            key={chosen}
            namespace={namespace}
            name={chosen}
            file={file}
            rights={rights.data}
            onDeleted={() => change({ file: undefined })}
          />
        </div>
      )}
    </DropZone>
  );
}
