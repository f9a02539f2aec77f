/** Parts of keys end with one of these, where keys are read as folders. */
export const SEPARATORS = ":/";
/** What the store takes as a value. */
export const LARGEST_VALUE = 2 ** 20;

/** A value as it was read, with what a later write is compared with. */
export interface ReadValue {
  text: string;
  bytes: Uint8Array;
  etag: string;
}

/** A number of seconds, as somebody typed it; empty is none. The sentence says what is wrong. */
export function parseLifetime(typed: string): { seconds?: number; problem?: string } {
  const text = typed.trim();
  if (text === "") return {};
  if (!/^\d+$/.test(text)) return { problem: "The lifetime is a whole number of seconds, or empty for ever." };
  const seconds = Number(text);
  return seconds >= 1 && seconds <= 315_360_000
    ? { seconds }
    : { problem: "The lifetime is between 1 second and ten years (315360000 seconds)." };
}

/** Why the store would refuse the text as a value; nothing if it takes it. */
export function problemOf(text: string): string | undefined {
  const size = new TextEncoder().encode(text).length;
  return size > LARGEST_VALUE ? `A value has ${LARGEST_VALUE} bytes at most; this one has ${size}.` : undefined;
}

/**
 * A field for text knows only \n between lines. A value whose lines all ended with \r\n gets these back, so that an edit
 * changes what was edited and nothing else.
 */
export function withEndingsOf(original: string, edited: string): string {
  const hasOnlyPairs = original.includes("\r\n") && !/(^|[^\r])\n/.test(original);
  return hasOnlyPairs ? edited.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n") : edited;
}
