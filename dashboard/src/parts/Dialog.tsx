import { type ReactNode, useEffect, useId, useRef } from "react";

interface DialogProps {
  isOpen: boolean;
  title: string;
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A native modal dialog: the browser keeps the focus in it, gives it back afterwards, and closes it on Escape. */
export function Dialog({ isOpen, title, isWide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (isOpen && element && !element.open) {
      element.showModal();
    } else if (!isOpen && element?.open) {
      element.close();
    }
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={isWide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={titleId}
      onClose={onClose}
    >
      {isOpen && (
        <>
          <h2 id={titleId}>{title}</h2>
          {children}
        </>
      )}
    </dialog>
  );
}
