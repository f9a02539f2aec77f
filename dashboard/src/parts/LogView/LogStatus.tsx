/** In a sentence: where the log comes from, and whether more is to come. */

import { formatBytes } from "../format";
import type { LogSnapshot } from "./session";

export function LogStatus({ log }: { log: LogSnapshot }) {
  return (
    // While the log grows its size does too; nobody wants that read out several times a second.
    <p className={`log-status log-status-${log.state}`} aria-live={log.state === "live" ? "off" : "polite"}>
      <span className="log-dot" aria-hidden="true" />
      {sentenceOf(log)}
      {log.loadError ? ` ${log.loadError}` : ""}
    </p>
  );
}

function sentenceOf(log: LogSnapshot): string {
  const which = log.attempt ? `Attempt ${log.attempt}` : "The log";
  if (log.isDetached) return `${which}: an earlier part. New lines are not shown until you go to the end.`;
  switch (log.state) {
    case "connecting":
      return "Opening the log…";
    case "waiting":
      return "There is no log yet. It appears here as soon as the job writes its first line.";
    case "live":
      return `${which}, live: ${formatBytes(log.window.end)} so far.`;
    case "broken":
      return "The connection broke. Trying again; nothing is lost.";
    case "complete":
      return log.window.end === 0
        ? `${which} ended without writing anything.`
        : `${which}, complete: ${formatBytes(log.window.end)}.`;
    case "failed":
      return log.message;
  }
}
