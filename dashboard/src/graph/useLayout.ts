/** The layout of a graph, asked anew only when what stands in it has changed; states come and go without. */

import { useEffect, useState } from "react";
import type { LayoutEngine } from "./engine";
import type { Layout, LayoutRequest } from "./layout";

/** `shape` names the content of the request; until the answer comes, the layout from before stays. */
export function useLayout(request: LayoutRequest, shape: string, open: () => LayoutEngine): Layout | undefined {
  const [layout, setLayout] = useState<Layout | undefined>(undefined);
  const [engine, setEngine] = useState<LayoutEngine | undefined>(undefined);
  const [asked, setAsked] = useState({ shape, request });
  if (asked.shape !== shape) setAsked({ shape, request });
  useEffect(() => {
    const opened = open();
    setEngine(opened);
    return () => {
      setEngine(undefined);
      opened.close();
    };
  }, [open]);
  useEffect(() => engine?.ask(asked.request, setLayout), [engine, asked]);
  return layout;
}
