/** How a file can be shown, told from its name. Only `image` is ever handed to the browser as anything but text. */
export type PreviewKind = "image" | "markdown" | "json" | "text";

/** Text is read up to here; more is what a download is for. */
export const TEXT_BYTES = 256 * 1024;
/** Pictures are read whole, so bigger ones are only offered as a download. */
export const IMAGE_BYTES = 20 * 1024 * 1024;

const IMAGES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

/** The part behind the last dot, in small letters; empty without one. */
export function extensionOf(name: string): string {
  const last = name.split("/").at(-1) ?? "";
  const dot = last.lastIndexOf(".");
  return dot > 0 ? last.slice(dot + 1).toLowerCase() : "";
}

export function kindOf(name: string): PreviewKind {
  const extension = extensionOf(name);
  if (Object.hasOwn(IMAGES, extension)) return "image";
  if (extension === "md" || extension === "markdown") return "markdown";
  return extension === "json" ? "json" : "text";
}

/** The type under which a picture is shown. Never the server's word: that of a list of pictures. */
export function imageType(name: string): string {
  const extension = extensionOf(name);
  return (Object.hasOwn(IMAGES, extension) && IMAGES[extension]) || "image/png";
}

/** Whether bytes are worth reading as text: no zero bytes, and hardly anything that is no UTF-8. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  const text = new TextDecoder().decode(bytes);
  let broken = 0;
  for (const letter of text) if (letter === "\ufffd") broken += 1;
  return broken <= Math.max(4, text.length / 20);
}
