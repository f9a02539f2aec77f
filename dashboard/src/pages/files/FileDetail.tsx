import { useState } from "react";
import { inNamespace, withQuery } from "../../api/client";
import { useAction } from "../../api/queries";
import type { FileItem, Rights } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { formatBytes } from "../../parts/format";
import { useNotify } from "../../parts/Notices";
import { Preview } from "../../parts/Preview";
import { uploadedFile } from "../../parts/PreviewLoad";
import { Time } from "../../parts/Time";
import { showTurns } from "../../parts/turns";

interface FileDetailProps {
  namespace: string;
  /** Of the chosen file; absent while none is. */
  name: string | undefined;
  /** Absent while the page of the listing that has it is not loaded. */
  file: FileItem | undefined;
  rights: Rights | undefined;
  onDeleted: () => void;
}

/** What is in the chosen file, and what can be done with it. */
export function FileDetail({ namespace, name, file, rights, onDeleted }: FileDetailProps) {
  const [isAsking, setAsking] = useState(false);
  const notify = useNotify();
  const address = withQuery(inNamespace(namespace, "file"), { name: name ?? "" });
  const remove = useAction(address, undefined, "DELETE");
  if (name === undefined) {
    return (
      <div className="browse-detail">
        <p className="soft">Choose a file to see what is in it.</p>
      </div>
    );
  }
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        notify(`Deleted ${name}.`);
        onDeleted();
      },
    });
  return (
    <div className="browse-detail">
      <h2>{showTurns(name)}</h2>
      {file && (
        <p className="soft">
          {formatBytes(file.size)} · changed <Time value={file.updateTime} />
        </p>
      )}
      <Preview key={file?.digest} source={uploadedFile(namespace, file ?? { name })} />
      <div className="detail-actions">
        <ActionButton
          kind="danger"
          icon="trash"
          right={rights?.["files.delete"]}
          needsRight
          name={name}
          onClick={() => setAsking(true)}
        >
          Delete
        </ActionButton>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        title={`Delete ${name}?`}
        confirm="Delete the file"
        kind="danger"
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={confirm}
        onClose={() => {
          setAsking(false);
          remove.reset();
        }}
      >
        <p>Whoever is reading it reads on; nobody can read it afterwards. This cannot be taken back.</p>
      </ConfirmDialog>
    </div>
  );
}
