/**
 * The frame of the job's panel: a sheet at the side, on narrow screens the whole screen.
 *
 * It takes the focus when it opens for another job, and gives it back to where it came from. The native dialog keeps the
 * rest of the page out of reach where it covers it.
 */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "../../../parts/Icon";

const NARROW = "(max-width: 899px)";

interface Props {
  title: string;
  /** What it is about; another subject takes the focus again. */
  subject: string;
  onClose: () => void;
  children: ReactNode;
}

export function JobSheet({ title, subject, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  const newest = useRef(subject);
  newest.current = subject;
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    if (window.matchMedia?.(NARROW).matches) element?.showModal();
    else element?.show();
    return () => {
      element?.close();
      findOrigin(before, newest.current)?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (subject) heading.current?.focus({ preventScroll: true });
  }, [subject]);
  return (
    <dialog
      ref={dialog}
      className="job-sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !isTyping(event.target)) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header className="job-sheet-head">
        <h2 id={titleId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="button-plain" onClick={onClose} aria-label="Close the job" title="Close (Esc)">
          <Icon name="close" />
        </button>
      </header>
      <div className="job-sheet-body">{children}</div>
    </dialog>
  );
}

/** Where the focus was; a node of the graph may have been drawn anew meanwhile. */
function findOrigin(before: Element | null, subject: string): HTMLElement | null {
  if (before instanceof HTMLElement && before.isConnected) return before;
  const nodes = document.querySelectorAll<HTMLElement>("[data-job]");
  return [...nodes].find((node) => node.dataset.job === subject) ?? null;
}

/** In a search field Escape empties it. */
function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && target.value !== "";
}
