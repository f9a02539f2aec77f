import { useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";

interface SearchFieldProps {
  label: string;
  value: string;
  /** Called when the reader pauses. */
  onSearch: (text: string) => void;
}

const PAUSE = 250;

/** A search field; "/" brings the focus here. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  // The newest, without waiting anew for each: a page that is drawn again by every change would never be searched.
  const newest = useRef(onSearch);
  useEffect(() => {
    newest.current = onSearch;
  }, [onSearch]);
  useEffect(() => {
    // The address was changed by something else, a click on "back" for example.
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === sent.current) {
      return;
    }
    const timer = setTimeout(() => {
      sent.current = text;
      newest.current(text);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="hidden">{label}</span>
      <input
        type="search"
        data-search=""
        placeholder={label}
        value={text}
        maxLength={256}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
