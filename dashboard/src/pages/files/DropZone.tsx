import { type DragEvent, type ReactNode, useState } from "react";
import { useNotify } from "../../parts/Notices";

interface DropZoneProps {
  /** Whether files may be dropped at all. */
  isOpen: boolean;
  /** Where they will go. */
  folder: string;
  onFiles: (files: Iterable<File>) => void;
  children: ReactNode;
}

/** Files can be dropped anywhere on what is inside. The button does the same for those without a mouse. */
export function DropZone({ isOpen, folder, onFiles, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const notify = useNotify();
  const over = (event: DragEvent) => {
    if (!isOpen || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    // Moving on to something inside is no leaving.
    const next = event.relatedTarget;
    if (!(next instanceof Node && event.currentTarget.contains(next))) setOver(false);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!isOpen || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    const { files, folders } = contentsOf(event.dataTransfer);
    if (folders > 0) notify("A folder cannot be dropped as a whole: drop the files in it.", "bad");
    onFiles(files);
  };
  return (
    <section
      aria-label="Uploaded files"
      className={isOver ? "drop-zone drop-over" : "drop-zone"}
      onDragOver={over}
      onDragLeave={leave}
      onDrop={drop}
    >
      {children}
      {isOver && (
        <p className="drop-hint" aria-hidden="true">
          Drop to upload into {folder || "All files"}
        </p>
      )}
    </section>
  );
}

/** A dropped folder looks like a file that cannot be read. */
function contentsOf(dropped: DataTransfer): { files: File[]; folders: number } {
  const files: File[] = [];
  let folders = 0;
  for (const item of dropped.items) {
    const file = item.getAsFile();
    if (item.webkitGetAsEntry()?.isDirectory) folders += 1;
    else if (file) files.push(file);
  }
  return { files, folders };
}
