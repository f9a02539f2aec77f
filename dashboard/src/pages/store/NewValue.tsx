import { useId, useState } from "react";
import { ApiError } from "../../api/client";
import { ErrorNote } from "../../parts/ErrorNote";
import { useNotify } from "../../parts/Notices";
import { useWrite } from "./queries";
import { ValueForm } from "./ValueForm";

interface NewValueProps {
  namespace: string;
  prefix: string;
  onSaved: (key: string) => void;
  onClose: () => void;
}

/** A value under a key that is not used yet: one that is there is opened and edited, never written over unseen. */
export function NewValue({ namespace, prefix, onSaved, onClose }: NewValueProps) {
  const [key, setKey] = useState(prefix);
  const id = useId();
  const notify = useNotify();
  const write = useWrite(namespace);
  const isTaken = write.error instanceof ApiError && write.error.status === 412;
  const save = (text: string, seconds: number | undefined) =>
    write.mutate(
      { kind: "put", key, text, seconds, condition: { must: "new" } },
      {
        onSuccess: () => {
          notify(`Saved ${key}.`);
          onSaved(key);
        },
      },
    );
  return (
    <ValueForm
      title="New value"
      text=""
      isBusy={write.isPending}
      problem={
        isTaken ? (
          <div className="note note-error" role="alert">
            <p>There is a value of this key already.</p>
            <button type="button" className="button" onClick={() => onSaved(key)}>
              Show it
            </button>
          </div>
        ) : (
          write.error && <ErrorNote error={write.error} />
        )
      }
      onSave={save}
      onClose={onClose}
    >
      <label htmlFor={id}>Key</label>
      <input
        id={id}
        value={key}
        maxLength={1024}
        required
        spellCheck={false}
        onChange={(event) => setKey(event.target.value)}
      />
    </ValueForm>
  );
}
