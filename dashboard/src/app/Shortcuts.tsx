import { useEffect, useRef } from "react";
import { Dialog } from "../parts/Dialog";
import { links } from "./links";
import { go } from "./location";

/** After `g`. */
const GOES: Record<string, [string, string]> = {
  o: ["Overview", links.overview()],
  d: ["DAGs", links.dags()],
  r: ["Agent runs", links.runs()],
  a: ["Approvals", links.approvals()],
  s: ["Services", links.services()],
  f: ["Files", links.files()],
  k: ["Store", links.store()],
};
const TOGETHER = 1_500;

interface ShortcutsProps {
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}

/** Keys that work everywhere but in fields, and the dialog that tells them. */
export function Shortcuts({ isOpen, onOpen }: ShortcutsProps) {
  const pressedG = useRef(0);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const goes = GOES[event.key];
      if (event.key === "?") {
        onOpen(true);
      } else if (event.key === "/") {
        const field = document.querySelector<HTMLInputElement>("main [data-search]");
        if (field) {
          event.preventDefault();
          field.focus();
          field.select();
        }
      } else if (goes && event.timeStamp - pressedG.current < TOGETHER) {
        go(goes[1]);
      }
      pressedG.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [onOpen]);
  return (
    <Dialog isOpen={isOpen} title="Keyboard shortcuts" onClose={() => onOpen(false)}>
      <dl className="shortcuts">
        <Shortcut keys={["/"]} does="Search on this page" />
        <Shortcut keys={["↑", "↓"]} does="Walk through the rows of a table; Enter opens one" />
        {Object.entries(GOES).map(([key, [title]]) => (
          <Shortcut key={key} keys={["g", key]} does={`Go to ${title}`} />
        ))}
        <Shortcut keys={["?"]} does="Show this" />
      </dl>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => onOpen(false)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Shortcut({ keys, does }: { keys: string[]; does: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, dialog") !== null)
  );
}
