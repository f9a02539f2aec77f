import { useMemo, useState } from "react";
import { prettyJson } from "../../parts/PreviewJson";
import { PlainText } from "../../parts/PreviewText";
import { hexLines } from "./hex";
import type { ReadValue } from "./values";

type Form = "json" | "text" | "hex";
const NAMES: Record<Form, string> = { json: "JSON", text: "Text", hex: "Hex" };
/** More bytes are nothing that anybody reads in this form. */
const MOST_HEX = 64 * 1024;

/** A value as JSON, as text, and byte by byte. */
export function ValueText({ value }: { value: ReadValue }) {
  const json = useMemo(() => prettyJson(value.text), [value]);
  const [chosen, setChosen] = useState<Form>();
  const forms: Form[] = json === undefined ? ["text", "hex"] : ["json", "text", "hex"];
  const form = chosen !== undefined && forms.includes(chosen) ? chosen : (forms[0] ?? "text");
  const shown = useMemo(() => render(value, form, json), [value, form, json]);
  if (value.bytes.length === 0) return <p className="soft">The value is empty.</p>;
  return (
    <>
      <fieldset className="chips value-forms">
        <legend className="hidden">Shown as</legend>
        {forms.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={name === form}
            onClick={() => setChosen(name)}
          >
            {NAMES[name]}
          </button>
        ))}
      </fieldset>
      <PlainText text={shown} label={`Value as ${NAMES[form]}`} />
      {form === "hex" && value.bytes.length > MOST_HEX && <p className="soft">The first 64 KiB are shown.</p>}
    </>
  );
}

function render(value: ReadValue, form: Form, json: string | undefined): string {
  if (form === "json") return json ?? value.text;
  if (form === "text") return value.text;
  return hexLines(value.bytes, MOST_HEX)
    .map((line) => `${line.offset}  ${line.bytes.padEnd(47)}  ${line.letters}`)
    .join("\n");
}
