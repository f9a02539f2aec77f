/** Finding text in the part of a log that is held. What a block gave is kept with it, so a growing log is not read again. */

import { plainText } from "./text";
import { type Block, type LogWindow, lineAt } from "./window";

interface Found {
  readonly query: string;
  readonly lines: readonly number[];
}

const known = new WeakMap<Block, Found>();

/** Numbers of the lines that contain the query, whatever its case; ascending. */
export function findLines(window: LogWindow, query: string): number[] {
  const wanted = query.toLowerCase();
  if (wanted === "") return [];
  const found: number[] = [];
  window.blocks.forEach((block, index) => {
    const first = window.firsts[index] ?? 0;
    for (const line of findInBlock(block, wanted)) found.push(first + line);
  });
  const last = window.lineCount - 1;
  if (window.rest.length > 0 && contains(lineAt(window, last), wanted)) found.push(last);
  return found;
}

function findInBlock(block: Block, query: string): readonly number[] {
  const before = known.get(block);
  if (before?.query === query) return before.lines;
  const lines = block.lines.flatMap((line, index) => (contains(line, query) ? [index] : []));
  known.set(block, { query, lines });
  return lines;
}

function contains(line: string, query: string): boolean {
  return plainText(line).toLowerCase().includes(query);
}

/** A text in pieces, alternately outside and inside of what was searched; the first is outside. */
export function splitByQuery(text: string, query: string): string[] {
  const wanted = query.toLowerCase();
  if (wanted === "") return [text];
  const lower = text.toLowerCase();
  // Where lower case is longer, places would be wrong: such a text is shown without marks.
  if (lower.length !== text.length) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    pieces.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
