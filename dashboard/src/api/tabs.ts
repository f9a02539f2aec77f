import { createContext } from "react";

/** One for all dashboards of the host: whoever hears it asks the own store whether it is concerned. */
const CHANNEL = "titan-session";

/** What the tabs of a browser tell one another: that somebody has signed out in one of them. */
export class Tabs {
  private channel: BroadcastChannel | undefined;

  /** The other tabs hear it, this one does not. */
  tellSignedOut(): void {
    this.channel?.postMessage("signed out");
  }

  /** Until the answer is called. */
  hear(signedOut: () => void): () => void {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = signedOut;
    this.channel = channel;
    return () => channel.close();
  }
}

export const TabsContext = createContext(new Tabs());
