import { createContext, useContext } from "react";
import { Client } from "./client";

/** The client of this page; tests put one with their own `fetch` here. */
export const ClientContext = createContext(new Client());

export function useClient(): Client {
  return useContext(ClientContext);
}
