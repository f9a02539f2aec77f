/** Texts for times, spans and sizes; pure, so that tests can say what time it is. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "850 ms" is told as "0 s": states change by the second. */
export function formatSpan(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) {
    return `${Math.floor(span / SECOND)} s`;
  }
  if (span < HOUR) {
    return join(span, MINUTE, "min", SECOND, "s");
  }
  return span < DAY ? join(span, HOUR, "h", MINUTE, "min") : join(span, DAY, "d", HOUR, "h");
}

function join(span: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((span % big) / small);
  const whole = `${Math.floor(span / big)} ${bigName}`;
  return rest ? `${whole} ${rest} ${smallName}` : whole;
}

/** "3 min ago", "in 2 h"; one unit is enough to know how old something is. */
export function formatAge(time: Date, now: number): string {
  const age = now - time.getTime();
  const span = Math.abs(age);
  if (span < 5 * SECOND) {
    return age < 0 ? "in a moment" : "just now";
  }
  const text =
    span < MINUTE
      ? `${Math.floor(span / SECOND)} s`
      : span < HOUR
        ? `${Math.floor(span / MINUTE)} min`
        : span < DAY
          ? `${Math.floor(span / HOUR)} h`
          : `${Math.floor(span / DAY)} d`;
  return age < 0 ? `in ${text}` : `${text} ago`;
}

const DATE_AND_TIME: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** In the viewer's zone and language. */
export function formatTime(time: Date): string {
  return new Intl.DateTimeFormat(undefined, DATE_AND_TIME).format(time);
}

/** What others mean when they name a time. */
export function formatUtc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat().format(count)} ${count === 1 ? one : many}`;
}
