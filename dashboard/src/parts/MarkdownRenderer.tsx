import Markdown, { type Components } from "react-markdown";

/**
 * Markdown that strangers wrote. HTML in it stays text, links lead to http and https only and tell the other side
 * nothing, and pictures are not fetched: whoever wrote the text must not learn who reads it, and when.
 */
export default function MarkdownRenderer({ text }: { text: string }) {
  return (
    <div className="markdown">
      <Markdown components={COMPONENTS} urlTransform={(url) => (isWebAddress(url) ? url : "")}>
        {text}
      </Markdown>
    </div>
  );
}

const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noreferrer noopener" target="_blank">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt }) => <span className="markdown-picture">[picture{alt ? `: ${alt}` : ""}]</span>,
  // The page has two levels of headings of its own; those of a text begin below them, whichever of them it uses.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
};

/** Absolute, and of a protocol that runs nothing in this page. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}
