import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { useQueryParams } from "./location";

type Remembered = [string | undefined, (namespace: string | undefined) => void];
const Memory = createContext<Remembered>([undefined, () => undefined]);

/** Pages of one object have no namespace in their query: the choice from before is kept for the way back. */
export function NamespaceMemory({ children }: { children: ReactNode }) {
  return <Memory.Provider value={useState<string | undefined>(undefined)}>{children}</Memory.Provider>;
}

/** The namespace that the reader has chosen, which is part of the address; undefined: all that the reader may see. */
export function useNamespace(): [string | undefined, (namespace: string | undefined) => void] {
  const [params, change] = useQueryParams();
  const [, remember] = useContext(Memory);
  const namespace = params.get("namespace") ?? undefined;
  const choose = useCallback(
    (chosen: string | undefined) => {
      remember(chosen);
      change({ namespace: chosen });
    },
    [change, remember],
  );
  return [namespace, choose];
}

/** The namespace for links to lists: that of the address, or the one of the list before. */
export function useNamespaceForLinks(isList: boolean): string | undefined {
  const [namespace] = useNamespace();
  const [remembered, remember] = useContext(Memory);
  useEffect(() => {
    if (isList) {
      remember(namespace);
    }
  }, [isList, namespace, remember]);
  return isList ? namespace : remembered;
}
