import type { Query, QueryClient } from "@tanstack/react-query";
import { isAffected, isKey } from "./keys";
import type { Changes } from "./types";

/** The time, and something done later: the edge of whatever waits. */
export interface Clock {
  now(): number;
  /** Run it after so many milliseconds; the answer takes it back. */
  later(milliseconds: number, run: () => void): () => void;
}

/** A question is asked again at most this often. */
const SHORTEST_GAP = 250;
/** And a costly one, a long listing for example, more rarely: its gap is this many times what it takes. */
const PATIENCE = 3;

interface Pace {
  /** When it may be asked next. */
  due: number;
  waiting: (() => void) | undefined;
}

/**
 * Asks again for what is on the screen when it has changed: the first change at once, more of them together. A question
 * that is still being answered is never interrupted (constant changes would starve it) but asked once more after it.
 */
export class Refresher {
  private readonly paces = new Map<string, Pace>();

  constructor(
    private readonly queries: QueryClient,
    private readonly clock: Clock,
  ) {}

  hear(changes: Changes): void {
    for (const query of this.queries.getQueryCache().getAll()) {
      const key = query.queryKey;
      if (!isKey(key) || key[0] === "session") {
        continue;
      }
      if (changes.all || changes.items.some((change) => isAffected(key, change))) {
        this.touch(query);
      }
    }
  }

  stop(): void {
    for (const pace of this.paces.values()) {
      pace.waiting?.();
    }
    this.paces.clear();
  }

  private touch(query: Query): void {
    if (!query.isActive()) {
      // Nobody shows it: it only must not be taken for fresh when somebody does.
      query.invalidate();
      return;
    }
    const pace = this.pace(query);
    if (pace.waiting) {
      return;
    }
    const wait = pace.due - this.clock.now();
    if (wait <= 0 && query.state.fetchStatus === "idle") {
      this.ask(query, pace);
    } else {
      pace.waiting = this.clock.later(Math.max(wait, SHORTEST_GAP), () => {
        pace.waiting = undefined;
        this.touch(query);
      });
    }
  }

  private ask(query: Query, pace: Pace): void {
    const asked = this.clock.now();
    pace.due = asked + SHORTEST_GAP;
    void this.queries.refetchQueries({ queryKey: query.queryKey, exact: true, type: "active" }).then(() => {
      const ended = this.clock.now();
      pace.due = Math.max(asked + SHORTEST_GAP, ended + PATIENCE * (ended - asked));
    });
  }

  private pace(query: Query): Pace {
    const known = this.paces.get(query.queryHash);
    if (known) {
      return known;
    }
    const pace: Pace = { due: 0, waiting: undefined };
    this.paces.set(query.queryHash, pace);
    return pace;
  }
}
