import { lazy, Suspense } from "react";
import "./markdown.css";

const Renderer = lazy(() => import("./MarkdownRenderer"));

/** Markdown, safely (see MarkdownRenderer). The renderer is a chunk of its own; until it is there, the text is. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="markdown-plain">{text}</p>}>
      <Renderer text={text} />
    </Suspense>
  );
}
