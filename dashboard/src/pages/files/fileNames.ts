const LONGEST_NAME = 1024;
const LAST_CONTROL = 0x1f;
const DELETE = 0x7f;

/**
 * Why the store would refuse a file of this name, in its words; nothing if it takes it. Asked before a transfer, because
 * a refusal in the middle of a big one reaches the browser as a broken connection.
 */
export function refusalOf(name: string): string | undefined {
  if (name === "") return "A file needs a name.";
  if ([...name].length > LONGEST_NAME) return `The name of a file has ${LONGEST_NAME} characters at most.`;
  if ([...name].some(isControl)) return "The name of a file holds no control characters.";
  if (name.split("/").some((part) => part === "" || part === "." || part === "..")) {
    return "The name of a file is a relative path without empty parts, '.' and '..'.";
  }
  return undefined;
}

function isControl(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return code <= LAST_CONTROL || code === DELETE;
}

/** A folder as somebody typed it, as the beginning of names: with one slash behind it, or empty. */
export function asPrefix(folder: string): string {
  const trimmed = folder.trim().replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}
