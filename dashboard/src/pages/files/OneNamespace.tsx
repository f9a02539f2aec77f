import type { ReactNode } from "react";
import { useNamespaces } from "../../api/queries";
import { useNamespace } from "../../app/namespace";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";

/**
 * Files and values belong to one namespace each. Where the reader looks at all of them, the page asks for one; where
 * there is only one, it is that.
 */
export function OneNamespace({ what, children }: { what: string; children: (namespace: string) => ReactNode }) {
  const [chosen, choose] = useNamespace();
  const namespaces = useNamespaces();
  if (chosen !== undefined) return children(chosen);
  if (namespaces.error) return <ErrorNote error={namespaces.error} retry={() => void namespaces.refetch()} />;
  if (!namespaces.data) return <Skeleton rows={3} />;
  const { items } = namespaces.data;
  const only = items.length === 1 ? items[0] : undefined;
  if (only) return children(only.name);
  if (items.length === 0) {
    return (
      <EmptyState title={`No namespace to show ${what} of`}>
        A namespace appears here with the first DAG in it. Submit one, with “titan run FILE” for example.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={`Whose ${what}?`}>
      <p>Each namespace has its own. Choose one:</p>
      <p className="pick">
        {items.map((item) => (
          <button key={item.name} type="button" className="button" onClick={() => choose(item.name)}>
            {item.name}
          </button>
        ))}
      </p>
    </EmptyState>
  );
}
