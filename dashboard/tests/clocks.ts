import type { Clock } from "../src/api/refresh";

/** A clock that goes on when it is told. */
export class FakeClock implements Clock {
  private time = 0;
  private waiting: { at: number; run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  readonly later = (milliseconds: number, run: () => void): (() => void) => {
    const entry = { at: this.time + milliseconds, run };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((each) => each !== entry);
    };
  };

  /** How long until the next thing happens. */
  get next(): number | undefined {
    return this.waiting.length === 0 ? undefined : Math.min(...this.waiting.map(({ at }) => at)) - this.time;
  }

  /** Time passes, and what is due happens. Answers that are under way arrive. */
  async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    const due = this.waiting.filter(({ at }) => at <= this.time);
    this.waiting = this.waiting.filter(({ at }) => at > this.time);
    for (const { run } of due) {
      run();
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
}
