import { crumbsOf } from "./folders";

interface CrumbsProps {
  label: string;
  /** What the outermost level is called. */
  root: string;
  prefix: string;
  separators: string;
  onChoose: (prefix: string) => void;
}

/** The way to the folder that is shown; each step leads back. */
export function Crumbs({ label, root, prefix, separators, onChoose }: CrumbsProps) {
  const crumbs = crumbsOf(prefix, separators);
  return (
    <nav aria-label={label}>
      <ol className="crumbs">
        {[{ prefix: "", label: root }, ...crumbs].map((crumb) => (
          <li key={crumb.prefix}>
            <button
              type="button"
              className="button-link"
              aria-current={crumb.prefix === prefix ? "true" : undefined}
              onClick={() => onChoose(crumb.prefix)}
            >
              {crumb.label}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
