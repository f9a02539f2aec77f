/** The log of an attempt: live, searchable, as long as it may be. Its bytes are somebody else's: they are shown as text. */

import { useDeferredValue, useMemo, useState } from "react";
import type { LogEdge } from "./following";
import { Lines } from "./Lines";
import { LogStatus } from "./LogStatus";
import { LogTools } from "./LogTools";
import { LongLine } from "./LongLine";
import { findLines } from "./search";
import { BROWSER, useLog } from "./useLog";
import "./logview.css";

export interface LogViewProps {
  namespace: string;
  /** uid of the TitanJob. */
  job: string;
  /** Absent: the newest that there is when the log is opened. */
  attempt?: number | undefined;
  /** What the log is of, for screen readers and for the name of the downloaded file. */
  name?: string;
  /** For tests. */
  edge?: LogEdge;
}

export function LogView({ namespace, job, attempt, name = "job", edge = BROWSER }: LogViewProps) {
  const { session, log } = useLog(namespace, job, attempt, edge);
  const [query, setQuery] = useState("");
  const [isWrapped, setWrapped] = useState(false);
  const [longLine, setLongLine] = useState<string | undefined>(undefined);
  const [hit, setHit] = useState(0);
  const [visits, setVisits] = useState(0);
  const sought = useDeferredValue(query);
  const hits = useMemo(() => findLines(log.window, sought), [log.window, sought]);
  const chosen = hits[Math.min(hit, hits.length - 1)];

  const goTo = (next: number) => {
    if (hits.length === 0) return;
    setHit((next + hits.length) % hits.length);
    setVisits(visits + 1);
  };
  const search = (text: string) => {
    setQuery(text);
    setHit(0);
    setVisits(text === "" ? 0 : visits + 1);
  };

  return (
    <section className="log" aria-label={`Log of ${name}`}>
      <LogTools
        address={session.address}
        name={name}
        window={log.window}
        query={query}
        hits={hits.length}
        hit={Math.min(hit, hits.length - 1)}
        isWrapped={isWrapped}
        onSearch={search}
        onStep={(step) => goTo(hit + step)}
        onWrap={setWrapped}
      />
      <Lines
        // Heights of lines that were wrapped are of no use to those that are not.
        key={isWrapped ? "wrapped" : "plain"}
        log={log}
        name={name}
        isWrapped={isWrapped}
        query={sought}
        chosen={chosen}
        visits={visits}
        onEarlier={session.loadEarlier}
        onLater={session.loadLater}
        onEnd={session.goToEnd}
        onLongLine={setLongLine}
      />
      <LogStatus log={log} />
      <LongLine line={longLine} onClose={() => setLongLine(undefined)} />
    </section>
  );
}
