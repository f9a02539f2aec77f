import { useState } from "react";
import { ApiError } from "../../api/client";
import { ErrorNote } from "../../parts/ErrorNote";
import { useNotify } from "../../parts/Notices";
import { useWrite } from "./queries";
import { ValueForm } from "./ValueForm";
import { type ReadValue, withEndingsOf } from "./values";

interface EditValueProps {
  namespace: string;
  name: string;
  read: ReadValue;
  expireTime: string | undefined;
  onReadAgain: () => void;
  onClose: () => void;
}

/** Writes only over what the reader has seen; if somebody else was faster, the reader decides what to do about it. */
export function EditValue({ namespace, name, read, expireTime, onReadAgain, onClose }: EditValueProps) {
  // What the form began with; a newer value that arrives meanwhile must not become the one that was seen.
  const [seen] = useState(read);
  const [draft, setDraft] = useState<{ text: string; seconds: number | undefined }>();
  const notify = useNotify();
  const write = useWrite(namespace);
  const save = (text: string, seconds: number | undefined, isForced: boolean) => {
    setDraft({ text, seconds });
    const condition = isForced ? ({ must: "any" } as const) : ({ must: "be", etag: seen.etag } as const);
    write.mutate(
      { kind: "put", key: name, text: withEndingsOf(seen.text, text), seconds, condition },
      {
        onSuccess: () => {
          notify(`Saved ${name}.`);
          onClose();
        },
      },
    );
  };
  const isConflict = write.error instanceof ApiError && write.error.status === 412;
  return (
    <ValueForm
      title={`Edit ${name}`}
      text={seen.text}
      note={expireTime && "The value is to vanish; saved without a lifetime, it stays."}
      isBusy={write.isPending}
      problem={
        isConflict ? (
          <div className="note note-error" role="alert">
            <p>Somebody has changed or deleted this value since you opened it. Nothing was saved.</p>
            <div className="detail-actions">
              <button
                type="button"
                className="button"
                onClick={() => {
                  onReadAgain();
                  onClose();
                }}
              >
                Show what is there now
              </button>
              <button
                type="button"
                className="button button-danger"
                onClick={() => draft && save(draft.text, draft.seconds, true)}
              >
                Write mine over it
              </button>
            </div>
          </div>
        ) : (
          write.error && <ErrorNote error={write.error} />
        )
      }
      onSave={(text, seconds) => save(text, seconds, false)}
      onClose={onClose}
    />
  );
}
