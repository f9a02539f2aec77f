import { useEffect, useState } from "react";
import type { Connection } from "../api/stream";

const WORDS: Record<Connection, string> = {
  connecting: "connecting…",
  live: "live",
  reconnecting: "reconnecting…",
  paused: "paused",
};

/** The stream is renewed every few minutes; a moment without it is not worth a word. */
const PATIENCE = 1_500;

/** Whether what is shown follows the cluster, as a word. */
export function ConnectionState({ connection }: { connection: Connection }) {
  const [shown, setShown] = useState(connection);
  useEffect(() => {
    const timer = setTimeout(() => setShown(connection), connection === "live" ? 0 : PATIENCE);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <span className={`connection connection-${shown}`} role="status" title="Whether this page follows the cluster">
      {WORDS[shown]}
    </span>
  );
}
