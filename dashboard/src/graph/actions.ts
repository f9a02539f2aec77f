/** What a reader may do with nodes, for the nodes themselves. */

import { createContext } from "react";

export interface NodeActions {
  openJob(name: string): void;
  /** Show a fold's members in the graph, or no longer. */
  toggle(fold: string, isOpen: boolean): void;
  /** Show a fold's jobs as a list: those that are too many for the graph. */
  list(fold: string): void;
  /** The node that has the focus now. */
  focused(id: string): void;
  /** Whether a node that becomes the active one takes the focus: after a key, not after a click elsewhere. */
  wantsFocus(): boolean;
}

export const NodeActionsContext = createContext<NodeActions>({
  openJob: () => undefined,
  toggle: () => undefined,
  list: () => undefined,
  focused: () => undefined,
  wantsFocus: () => false,
});
