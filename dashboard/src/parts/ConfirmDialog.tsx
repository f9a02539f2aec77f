import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { ErrorNote } from "./ErrorNote";

interface ConfirmDialogProps {
  isOpen: boolean;
  /** A question. */
  title: string;
  children?: ReactNode;
  /** What the button does: "Cancel the DAG", not "OK". */
  confirm: string;
  kind?: "primary" | "danger";
  isBusy?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something happens that cannot be taken back; the way back comes first for the keyboard. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, title, children, confirm, kind = "primary", isBusy = false, error, onConfirm, onClose } = props;
  return (
    <Dialog isOpen={isOpen} title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) {
            onConfirm();
          }
        }}
      >
        {children}
        {error && <ErrorNote error={error} />}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Go back
          </button>
          <button type="submit" className={`button button-${kind}`} aria-disabled={isBusy || undefined}>
            {confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
