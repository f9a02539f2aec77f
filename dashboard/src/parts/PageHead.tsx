import { type ReactNode, useEffect } from "react";
import { showTurns } from "./turns";

interface PageHeadProps {
  title: string;
  /** Above the title: where this belongs to. */
  above?: ReactNode;
  /** Beside the title, a phase for example. */
  beside?: ReactNode;
  /** Actions at the end of the line. */
  children?: ReactNode;
}

/** The heading of a page; it is also the title of the tab. */
export function PageHead({ title, above, beside, children }: PageHeadProps) {
  const shown = showTurns(title);
  useEffect(() => {
    document.title = `${shown} · Titan`;
  }, [shown]);
  return (
    <header className="page-head">
      <div className="page-title">
        {above && <p className="page-above">{above}</p>}
        <div className="page-line">
          <h1>{shown}</h1>
          {beside}
        </div>
      </div>
      {children && <div className="page-actions">{children}</div>}
    </header>
  );
}
