/**
 * What is shown of a line: terminals' escape sequences become classes or nothing, control characters become visible.
 *
 * The result is text for React, never markup.
 */

import { showTurns } from "../turns";

export interface Span {
  readonly text: string;
  /** Class names for the colour, "" for none. */
  readonly style: string;
}

/** More of a line is not shown at once. */
export const SHOWN_CHARACTERS = 2_000;

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** Colours and moves (their last letter says which), titles and links, other short sequences. */
const SEQUENCES = new RegExp(
  [
    `${ESCAPE}\\[([0-9;:?<=>]*)[ -/]*([@-~])`,
    `${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]*[0-Z^-~]`,
  ].join("|"),
  "g",
);
const CONTROLS = /(?!\t)\p{Cc}/gu;
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The line without colours: for search and copying. */
export function plainText(line: string): string {
  const shown = lastWritten(line);
  return makeVisible(shown.includes(ESCAPE) ? shown.replace(SEQUENCES, "") : shown);
}

/** The line in pieces of one colour each, at most `limit` characters of it. */
export function spansOf(line: string, limit: number = SHOWN_CHARACTERS): Span[] {
  const shown = lastWritten(line);
  if (!shown.includes(ESCAPE)) return shown === "" ? [] : [{ text: makeVisible(shown.slice(0, limit)), style: "" }];
  const spans: Span[] = [];
  let style: readonly string[] = [];
  let from = 0;
  let left = limit;
  const take = (text: string) => {
    const piece = makeVisible(text).slice(0, left);
    left -= piece.length;
    if (piece !== "") spans.push({ text: piece, style: style.join(" ") });
  };
  for (const match of shown.matchAll(SEQUENCES)) {
    take(shown.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === "m") style = restyle(style, match[1] ?? "");
    if (left <= 0) return spans;
  }
  take(shown.slice(from));
  return spans;
}

/** What a terminal shows at the end of a progress bar that rewrites its line. */
function lastWritten(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf("\r") + 1);
}

function makeVisible(text: string): string {
  return showTurns(text.replace(CONTROLS, pictureOf));
}

/** Unicode has a picture for each of the old control characters. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
}

function restyle(style: readonly string[], codes: string): readonly string[] {
  let next = style;
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
    else next = applyCode(next, code);
  }
  return next;
}

function applyCode(style: readonly string[], code: number): readonly string[] {
  if (code === 0) return [];
  if (code === 1) return [...style.filter((name) => name !== "sgr-bold"), "sgr-bold"];
  if (code === 2) return [...style.filter((name) => name !== "sgr-dim"), "sgr-dim"];
  if (code === 22) return style.filter((name) => name !== "sgr-bold" && name !== "sgr-dim");
  if (code === 39) return style.filter((name) => !isColour(name));
  const colour = COLOURS[code >= 90 ? code - 90 : code - 30];
  return colour ? [...style.filter((name) => !isColour(name)), `sgr-${colour}`] : style;
}

function isColour(name: string): boolean {
  return COLOURS.some((colour) => name === `sgr-${colour}`);
}
