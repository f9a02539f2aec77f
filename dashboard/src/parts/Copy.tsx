import { Icon } from "./Icon";
import { useNotify } from "./Notices";

interface CopyProps {
  text: string;
  /** What is copied: "the address", "the command". */
  what: string;
}

/** A button that copies; over plain http to another host browsers have no clipboard, then the reader is told. */
export function Copy({ text, what }: CopyProps) {
  const notify = useNotify();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify(`Copied ${what}.`);
    } catch {
      notify("The browser does not let the page copy: mark the text and copy it yourself.", "bad");
    }
  };
  return (
    <button type="button" className="button-plain" onClick={() => void copy()} aria-label={`Copy ${what}`} title="Copy">
      <Icon name="copy" />
    </button>
  );
}

/** What to type in a terminal. */
export function Command({ text, what = "the command" }: { text: string; what?: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <Copy text={text} what={what} />
    </span>
  );
}
