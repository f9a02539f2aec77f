/** Search, wrapping, copy and download. */

import { useState } from "react";
import { type LogAddress, logAddress } from "./following";
import { plainText } from "./text";
import { type LogWindow, textOf } from "./window";

interface Props {
  address: LogAddress;
  name: string;
  window: LogWindow;
  query: string;
  hits: number;
  /** Which of them is chosen, from 0. */
  hit: number;
  isWrapped: boolean;
  onSearch: (query: string) => void;
  onStep: (step: 1 | -1) => void;
  onWrap: (isWrapped: boolean) => void;
}

export function LogTools(props: Props) {
  const { query, hits, hit, onSearch, onStep } = props;
  return (
    <div className="log-tools">
      <div className="log-search">
        <input
          type="search"
          className="input"
          aria-label="Search in the log"
          placeholder="Search in the log"
          value={query}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          }}
        />
        <output className="log-hits" aria-label="Lines found">
          {query === "" ? "" : hits === 0 ? "Not found" : `${hit + 1} of ${hits}`}
        </output>
        <button
          type="button"
          className="button"
          disabled={hits === 0}
          onClick={() => onStep(-1)}
          aria-label="Previous line found"
        >
          ↑
        </button>
        <button
          type="button"
          className="button"
          disabled={hits === 0}
          onClick={() => onStep(1)}
          aria-label="Next line found"
        >
          ↓
        </button>
      </div>
      <label className="log-wrap">
        <input type="checkbox" checked={props.isWrapped} onChange={(event) => props.onWrap(event.target.checked)} />{" "}
        Wrap lines
      </label>
      <CopyLines window={props.window} />
      <a
        className="button"
        href={logAddress(props.address, 0, false)}
        download={`${props.name}-${props.address.attempt ?? 1}.log`}
      >
        Download
      </a>
    </div>
  );
}

function CopyLines({ window }: { window: LogWindow }) {
  const [outcome, setOutcome] = useState("");
  const copy = async () => {
    const text = textOf(window).split("\n").map(plainText).join("\n");
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("Copied");
    } catch {
      // Browsers refuse it on pages without https, or when the reader says no.
      setOutcome("The browser does not allow copying here. Download the log instead.");
    }
  };
  return (
    <>
      <button type="button" className="button" onClick={() => void copy()} disabled={window.lineCount === 0}>
        Copy
      </button>
      <output className="log-copied">{outcome}</output>
    </>
  );
}
