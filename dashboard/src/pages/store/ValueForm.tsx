import { type ReactNode, useId, useState } from "react";
import { parseLifetime, problemOf } from "./values";

interface ValueFormProps {
  title: string;
  /** Fields before the text. */
  children?: ReactNode;
  text: string;
  /** Said under the lifetime. */
  note?: string | undefined;
  isBusy: boolean;
  problem: ReactNode;
  onSave: (text: string, seconds: number | undefined) => void;
  onClose: () => void;
}

/** A text and how long it is to live. Nothing is sent that the store would refuse. */
export function ValueForm(props: ValueFormProps) {
  const { title, children, note, isBusy, problem, onSave, onClose } = props;
  const [text, setText] = useState(props.text);
  const [lifetime, setLifetime] = useState("");
  const [complaint, setComplaint] = useState<string>();
  const id = useId();
  const save = () => {
    const { seconds, problem: wrongLifetime } = parseLifetime(lifetime);
    const wrong = wrongLifetime ?? problemOf(text);
    setComplaint(wrong);
    if (wrong === undefined && !isBusy) onSave(text, seconds);
  };
  return (
    <form
      className="value-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h2>{title}</h2>
      {children}
      <label htmlFor={`${id}-text`}>Value</label>
      <textarea
        id={`${id}-text`}
        className="value-text"
        rows={10}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <label htmlFor={`${id}-lifetime`}>Lifetime in seconds (empty: for ever)</label>
      <input
        id={`${id}-lifetime`}
        inputMode="numeric"
        value={lifetime}
        onChange={(event) => setLifetime(event.target.value)}
      />
      {note && <p className="soft">{note}</p>}
      {complaint && (
        <p className="note note-error" role="alert">
          {complaint}
        </p>
      )}
      {problem}
      <div className="detail-actions">
        <button type="submit" className="button button-primary" aria-busy={isBusy}>
          Save
        </button>
        <button type="button" className="button" onClick={onClose}>
          Leave it as it is
        </button>
      </div>
    </form>
  );
}
