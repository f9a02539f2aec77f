/** Names with separators, read as folders: what lies directly below a prefix, and what lies deeper. */
export interface Folder {
  /** The whole prefix, separator included: what to browse next. */
  prefix: string;
  /** Its last part, separator included. */
  label: string;
  /** Items below it, as far as they are loaded. */
  items: number;
}
export interface Level<T> {
  folders: Folder[];
  items: T[];
}

/** One level below `prefix`. Items that do not begin with it are left out; order is kept. */
export function levelOf<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  prefix: string,
  separators: string,
): Level<T> {
  const folders = new Map<string, Folder>();
  const items: T[] = [];
  for (const item of all) {
    const name = nameOf(item);
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const end = endOfPart(rest, separators);
    if (end === undefined) {
      items.push(item);
      continue;
    }
    const label = rest.slice(0, end);
    const known = folders.get(label);
    if (known) known.items += 1;
    else folders.set(label, { prefix: prefix + label, label, items: 1 });
  }
  return { folders: [...folders.values()], items };
}

/** Where the first part of a name ends, separator included; nothing if the whole rest is one part. */
function endOfPart(rest: string, separators: string): number | undefined {
  for (let index = 0; index < rest.length - 1; index += 1) {
    if (separators.includes(rest.charAt(index))) return index + 1;
  }
  return undefined;
}

/** The prefixes that lead to one, from the outside in: `a/b/` gives `a/` and `a/b/`. */
export function crumbsOf(prefix: string, separators: string): { prefix: string; label: string }[] {
  const crumbs: { prefix: string; label: string }[] = [];
  let start = 0;
  for (let index = 0; index < prefix.length; index += 1) {
    if (!separators.includes(prefix.charAt(index))) continue;
    crumbs.push({ prefix: prefix.slice(0, index + 1), label: prefix.slice(start, index + 1) });
    start = index + 1;
  }
  if (start < prefix.length) crumbs.push({ prefix, label: prefix.slice(start) });
  return crumbs;
}
