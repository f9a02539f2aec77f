/** One line, as text with colours and with marks where the search found something. */

import { memo } from "react";
import { splitByQuery } from "./search";
import { plainText, SHOWN_CHARACTERS, spansOf } from "./text";

interface Props {
  line: string;
  query: string;
  onWhole: (line: string) => void;
}

export const Line = memo(function Line({ line, query, onWhole }: Props) {
  const hidden = line.length > SHOWN_CHARACTERS ? plainText(line).length - SHOWN_CHARACTERS : 0;
  let place = 0;
  return (
    <>
      {spansOf(line).map((span) => {
        const key = place;
        place += span.text.length;
        return (
          <span key={key} className={span.style || undefined}>
            {query === "" ? span.text : <Marked text={span.text} query={query} />}
          </span>
        );
      })}
      {hidden > 0 && (
        <button type="button" className="log-whole" onClick={() => onWhole(line)}>
          … {hidden.toLocaleString()} more characters
        </button>
      )}
    </>
  );
});

function Marked({ text, query }: { text: string; query: string }) {
  let place = 0;
  return splitByQuery(text, query).map((piece, index) => {
    const key = place;
    place += piece.length + 1;
    return index % 2 ? <mark key={key}>{piece}</mark> : <span key={key}>{piece}</span>;
  });
}
