import type { FileItem } from "../../api/types";
import { formatBytes, formatCount } from "../../parts/format";
import { Age } from "../../parts/Time";
import { showTurns } from "../../parts/turns";
import type { Level } from "./folders";

interface FileRowsProps {
  level: Level<FileItem>;
  prefix: string;
  chosen: string | undefined;
  onFolder: (prefix: string) => void;
  onFile: (name: string) => void;
}

/** Folders first, then the files of this one. */
export function FileRows({ level, prefix, chosen, onFolder, onFile }: FileRowsProps) {
  return (
    <ul className="file-rows" aria-label="Files">
      {level.folders.map((folder) => (
        <li key={folder.prefix}>
          <button type="button" className="file-row" onClick={() => onFolder(folder.prefix)}>
            <span className="file-row-name file-row-folder">{showTurns(folder.label)}</span>
            <span className="file-row-facts">{formatCount(folder.items, "file")}</span>
          </button>
        </li>
      ))}
      {level.items.map((file) => (
        <li key={file.name}>
          <button
            type="button"
            className="file-row"
            aria-pressed={file.name === chosen}
            onClick={() => onFile(file.name)}
          >
            <span className="file-row-name">{showTurns(file.name.slice(prefix.length))}</span>
            <span className="file-row-facts">
              <span>{formatBytes(file.size)}</span>
              <Age value={file.updateTime} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
