import { useNow } from "../../parts/clock";
import { formatTime } from "../../parts/format";
import { describeTimeLeft } from "./words";

const SOON = 10 * 60 * 1000;

/** What is left of the time to decide; it stands out in its last ten minutes. */
export function Countdown({ deadline }: { deadline: string }) {
  const now = useNow();
  const isSoon = Date.parse(deadline) - now < SOON;
  return (
    <time
      className={isSoon ? "countdown countdown-soon" : "countdown"}
      dateTime={deadline}
      title={`Until ${formatTime(new Date(deadline))}; then it counts as rejected.`}
    >
      {describeTimeLeft(deadline, now)}
    </time>
  );
}
