import { useMemo, useState } from "react";
import { Markdown } from "./Markdown";
import { prettyJson } from "./PreviewJson";
import { looksLikeText, type PreviewKind } from "./PreviewKind";
import type { Loaded } from "./PreviewLoad";
import "./preview.css";

/** Bytes as text: markdown and JSON in their own form, and as they are on demand. */
export function PreviewText({ kind, loaded }: { kind: PreviewKind; loaded: Loaded }) {
  const [isRaw, setRaw] = useState(false);
  const [isForced, setForced] = useState(false);
  const text = useMemo(() => new TextDecoder().decode(loaded.bytes), [loaded]);
  const json = useMemo(() => (kind === "json" && loaded.isWhole ? prettyJson(text) : undefined), [kind, loaded, text]);
  const isReadable = useMemo(() => looksLikeText(loaded.bytes), [loaded]);
  if (loaded.bytes.length === 0) return <p className="preview-note">The file is empty.</p>;
  if (!isReadable && !isForced) {
    return (
      <p className="preview-note">
        This is no text.{" "}
        <button type="button" className="button" onClick={() => setForced(true)}>
          Show it as text anyway
        </button>
      </p>
    );
  }
  const hasForm = kind === "markdown" || json !== undefined;
  return (
    <>
      {hasForm && (
        <label className="preview-switch">
          <input type="checkbox" checked={isRaw} onChange={(event) => setRaw(event.target.checked)} /> As it is written
        </label>
      )}
      {kind === "markdown" && !isRaw ? <Markdown text={text} /> : <PlainText text={isRaw ? text : (json ?? text)} />}
      {!loaded.isWhole && (
        <p className="preview-note">Only the beginning is shown. Download the file to see the rest.</p>
      )}
    </>
  );
}

const MOST_ROWS = 28;

/** Text to read, select and scroll, by keyboard too: a field that takes no input can do all of that. */
export function PlainText({ text, label = "Content" }: { text: string; label?: string }) {
  const rows = useMemo(() => Math.min(MOST_ROWS, text.split("\n", MOST_ROWS).length), [text]);
  return <textarea className="preview-text" readOnly aria-label={label} value={text} rows={Math.max(3, rows)} />;
}
