/**
 * JSON with line breaks, or nothing if the text is none. The text is indented, not parsed and written again: that would
 * round big numbers and drop repeated keys, and who looks at a value wants to see what is there.
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return indent(text);
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const STEP = "  ";

function indent(text: string): string {
  const tokens = text.match(TOKENS) ?? [];
  const parts: string[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (token === "}" || token === "]") {
      depth -= 1;
      const opened = before === "{" || before === "[";
      parts.push(opened ? token : `\n${STEP.repeat(depth)}${token}`);
      return;
    }
    if (before === "{" || before === "[" || before === ",") parts.push(`\n${STEP.repeat(depth)}`);
    parts.push(token === ":" ? ": " : token);
    if (token === "{" || token === "[") depth += 1;
  });
  return parts.join("");
}
