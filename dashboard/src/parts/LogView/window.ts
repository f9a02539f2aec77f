/**
 * The part of a log that the page holds: whole lines in blocks that know where in the log they lie.
 *
 * Bytes are cut at line ends before they are decoded, so no character is ever cut. Windows are values: a reader may keep
 * one while the next is made, and a block's search result can be kept with the block.
 */

export interface Block {
  /** Bytes of the log: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

export interface LogWindow {
  readonly blocks: readonly Block[];
  /** Number of the first line of each block, counted within the window. */
  readonly firsts: readonly number[];
  /** Bytes behind the last line end: a line that is not complete yet. */
  readonly rest: Uint8Array;
  readonly start: number;
  /** Number of the first line, counted from the first line that was ever in it: negative after going backwards. */
  readonly origin: number;
  /** Where the next bytes belong, those of `rest` included. */
  readonly end: number;
  /** Whole lines, and one more if there is a rest. */
  readonly lineCount: number;
}

export interface Limits {
  /** Bytes of the log that are held. */
  readonly bytes: number;
  /** A browser cannot scroll higher pages than some ten million pixels. */
  readonly lines: number;
}

export const LIMITS: Limits = { bytes: 20 * 2 ** 20, lines: 500_000 };
/** Small pieces are joined up to here, so that a log that grows by a line a second does not become a block a line. */
const BLOCK_BYTES = 2 ** 16;
/** A line that does not end is cut here, so that its beginning can be read and let go. */
const LINE_BYTES = 2 ** 20;
const NEWLINE = 10;
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

export function emptyWindow(start: number): LogWindow {
  return build([], new Uint8Array(0), start, 0);
}

/** The window with the bytes that follow in the log. */
export function append(window: LogWindow, bytes: Uint8Array): LogWindow {
  const joined = join(window.rest, bytes);
  const cut = findCut(joined);
  if (cut === 0) return build(window.blocks, joined, window.start, window.origin);
  const start = window.end - window.rest.length;
  const blocks = window.blocks.slice();
  const last = blocks.at(-1);
  const lines = decodeLines(joined.subarray(0, cut));
  if (last && last.end - last.start + cut <= BLOCK_BYTES) {
    blocks[blocks.length - 1] = { start: last.start, end: start + cut, lines: [...last.lines, ...lines] };
  } else {
    blocks.push({ start, end: start + cut, lines });
  }
  return build(blocks, joined.slice(cut), window.start, window.origin);
}

/** The window with the bytes that end where it begins; `isStart`: they begin with the log, so with a line. */
export function prepend(window: LogWindow, bytes: Uint8Array, isStart: boolean): LogWindow {
  const skipped = isStart ? 0 : bytes.indexOf(NEWLINE) + 1;
  const start = window.start - bytes.length + skipped;
  let earlier = emptyWindow(start);
  for (let offset = skipped; offset < bytes.length; offset += BLOCK_BYTES) {
    earlier = append(earlier, bytes.subarray(offset, offset + BLOCK_BYTES));
  }
  const blocks = earlier.blocks.slice();
  if (earlier.rest.length > 0) {
    // The window began within a line that was too long.
    const from = earlier.end - earlier.rest.length;
    blocks.push({ start: from, end: earlier.end, lines: [decoder.decode(earlier.rest)] });
  }
  const added = blocks.reduce((count, block) => count + block.lines.length, 0);
  return build([...blocks, ...window.blocks], window.rest, start, window.origin - added);
}

/** Let go of the oldest lines until the window is within its limits. */
export function trimStart(window: LogWindow, limits: Limits = LIMITS): LogWindow {
  let { start, lineCount } = window;
  let dropped = 0;
  while (window.end - start > limits.bytes || lineCount > limits.lines) {
    const block = window.blocks[dropped];
    if (!block) break;
    start = block.end;
    lineCount -= block.lines.length;
    dropped += 1;
  }
  if (dropped === 0) return window;
  return build(window.blocks.slice(dropped), window.rest, start, window.origin + window.lineCount - lineCount);
}

/** Let go of the newest lines, for somebody who reads backwards. */
export function trimEnd(window: LogWindow, limits: Limits = LIMITS): LogWindow {
  let { end, lineCount } = window;
  let kept = window.blocks.length;
  while (kept > 1 && (end - window.start > limits.bytes || lineCount > limits.lines)) {
    kept -= 1;
    const block = window.blocks[kept];
    end = block?.start ?? end;
    lineCount -= block?.lines.length ?? 0;
  }
  if (kept === window.blocks.length) return window;
  return build(window.blocks.slice(0, kept), new Uint8Array(0), window.start, window.origin);
}

/** A line as it is in the log, with its control characters. */
export function lineAt(window: LogWindow, index: number): string {
  let low = 0;
  let high = window.blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((window.firsts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const line = window.blocks[low]?.lines[index - (window.firsts[low] ?? 0)];
  if (line !== undefined) return line;
  return index === window.lineCount - 1 && window.rest.length > 0 ? decoder.decode(window.rest) : "";
}

/** All that is held, as text. */
export function textOf(window: LogWindow): string {
  const whole = window.blocks.flatMap((block) => block.lines.map((line) => `${line}\n`)).join("");
  return whole + decoder.decode(window.rest);
}

function build(blocks: readonly Block[], rest: Uint8Array, start: number, origin: number): LogWindow {
  const firsts: number[] = [];
  let count = 0;
  for (const block of blocks) {
    firsts.push(count);
    count += block.lines.length;
  }
  const end = (blocks.at(-1)?.end ?? start) + rest.length;
  return { blocks, firsts, rest, start, origin, end, lineCount: count + (rest.length > 0 ? 1 : 0) };
}

function decodeLines(bytes: Uint8Array): string[] {
  const lines = decoder.decode(bytes).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Behind the last line end; within a line that is too long, in front of a character; 0: nothing is complete. */
function findCut(bytes: Uint8Array): number {
  const cut = bytes.lastIndexOf(NEWLINE) + 1;
  if (cut > 0 || bytes.length <= LINE_BYTES) return cut;
  let before = bytes.length;
  for (let steps = 0; steps < 4 && before > 0; steps += 1) {
    before -= 1;
    if (((bytes[before] ?? 0) & 0xc0) !== 0x80) return before;
  }
  return bytes.length;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
