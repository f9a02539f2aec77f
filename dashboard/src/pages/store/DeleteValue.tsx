import { ApiError } from "../../api/client";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { useNotify } from "../../parts/Notices";
import { useWrite } from "./queries";

interface DeleteValueProps {
  isOpen: boolean;
  namespace: string;
  name: string;
  etag: string;
  onDeleted: () => void;
  onClose: () => void;
}

/** Deletes what the reader has seen, and nothing newer. */
export function DeleteValue({ isOpen, namespace, name, etag, onDeleted, onClose }: DeleteValueProps) {
  const write = useWrite(namespace);
  const notify = useNotify();
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={`Delete ${name}?`}
      confirm="Delete the value"
      kind="danger"
      isBusy={write.isPending}
      error={write.error && inWords(write.error)}
      onConfirm={() =>
        write.mutate(
          { kind: "delete", key: name, condition: { must: "be", etag } },
          {
            onSuccess: () => {
              notify(`Deleted ${name}.`);
              onClose();
              onDeleted();
            },
          },
        )
      }
      onClose={() => {
        write.reset();
        onClose();
      }}
    >
      <p>Programs that read it find nothing from then on. This cannot be taken back.</p>
    </ConfirmDialog>
  );
}

function inWords(error: Error): Error {
  const isConflict = error instanceof ApiError && error.status === 412;
  return isConflict ? new Error("Somebody has changed the value meanwhile. Go back and look at it first.") : error;
}
