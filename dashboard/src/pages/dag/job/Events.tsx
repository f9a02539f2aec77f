/** What Kubernetes says about the job and its pods, in its own words. */

import { useEvents, useRights } from "../../../api/queries";
import type { EventItem } from "../../../api/types";
import { EmptyState } from "../../../parts/EmptyState";
import { ErrorNote } from "../../../parts/ErrorNote";
import { Skeleton } from "../../../parts/Skeleton";
import { Age } from "../../../parts/Time";

export function Events({ namespace, job }: { namespace: string; job: string }) {
  const right = useRights(namespace).data?.["events.read"];
  const events = useEvents(namespace, job, { enabled: right?.allowed ?? false });
  if (right && !right.allowed) return <EmptyState title="You may not read events here">{right.reason}</EmptyState>;
  if (events.error) return <ErrorNote error={events.error} retry={() => void events.refetch()} />;
  if (!events.data) return <Skeleton />;
  if (events.data.items.length === 0) {
    return <EmptyState title="No events">Kubernetes forgets events after about an hour.</EmptyState>;
  }
  return (
    <ol className="events">
      {events.data.items.map((event) => (
        <Event key={`${event.time} ${event.object} ${event.reason} ${event.message}`} event={event} />
      ))}
    </ol>
  );
}

function Event({ event }: { event: EventItem }) {
  return (
    <li className={event.type === "Warning" ? "event event-warning" : "event"}>
      <p className="event-head">
        <strong>{event.reason}</strong> <span>{event.type}</span> <span>{event.object}</span> <Age value={event.time} />
        {event.count > 1 && <span>{event.count} times</span>}
      </p>
      <p className="event-text">{event.message}</p>
      {event.source && <p className="quiet">{event.source}</p>}
    </li>
  );
}
