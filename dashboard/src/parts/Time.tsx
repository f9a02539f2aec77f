import { useNow } from "./clock";
import { formatAge, formatSpan, formatTime, formatUtc } from "./format";

interface TimeProps {
  /** RFC 3339; nothing is shown for an absent one. */
  value: string | undefined;
}

/** A moment in the viewer's zone; UTC is its title. */
export function Time({ value }: TimeProps) {
  const time = parse(value);
  return time ? (
    <time dateTime={value} title={formatUtc(time)}>
      {formatTime(time)}
    </time>
  ) : null;
}

/** How long ago, or in how long. */
export function Age({ value }: TimeProps) {
  const now = useNow();
  const time = parse(value);
  return time ? (
    <time dateTime={value} title={`${formatTime(time)} (${formatUtc(time)})`}>
      {formatAge(time, now)}
    </time>
  ) : null;
}

/** How long something took; without an end it is still going on, and ticks. */
export function Span({ from, to }: { from: string | undefined; to?: string | undefined }) {
  return to ? <Past from={from} to={to} /> : <Ticking from={from} />;
}

function Past({ from, to }: { from: string | undefined; to: string }) {
  const begin = parse(from);
  const end = parse(to);
  return begin && end ? <span className="span">{formatSpan(end.getTime() - begin.getTime())}</span> : null;
}

function Ticking({ from }: { from: string | undefined }) {
  const now = useNow();
  const begin = parse(from);
  return begin ? <span className="span">{formatSpan(now - begin.getTime())}</span> : null;
}

function parse(value: string | undefined): Date | undefined {
  const time = value ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
}
