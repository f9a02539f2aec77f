/** A line that is too long for the list, whole. */

import { useEffect, useRef } from "react";
import { plainText } from "./text";

export function LongLine({ line, onClose }: { line: string | undefined; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (line !== undefined) dialog.current?.showModal();
  }, [line]);
  if (line === undefined) return null;
  return (
    <dialog ref={dialog} className="log-long" aria-label="The whole line" onClose={onClose}>
      <pre>{plainText(line)}</pre>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
