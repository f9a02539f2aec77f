import { useRef } from "react";
import type { Right } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { asPrefix } from "./fileNames";

interface UploadBarProps {
  right: Right | undefined;
  /** Where files go: the folder that is shown, unless another was typed. */
  folder: string;
  onFolder: (folder: string) => void;
  onFiles: (files: Iterable<File>) => void;
}

/** Choose files to upload, and into which folder; a folder is there as soon as a file is in it. */
export function UploadBar({ right, folder, onFolder, onFiles }: UploadBarProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="upload-bar">
      <ActionButton right={right} needsRight kind="primary" icon="upload" onClick={() => input.current?.click()}>
        Upload files
      </ActionButton>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = "";
        }}
      />
      <label className="upload-folder">
        into folder
        <input
          key={folder}
          type="text"
          defaultValue={folder}
          placeholder="(none)"
          onBlur={(event) => onFolder(asPrefix(event.target.value))}
        />
      </label>
    </div>
  );
}
