import type { Capacity } from "../../api/types";
import { formatCount } from "../../parts/format";

/** How much room there is for each requirement, and how much of it is taken. */
export function Capacities({ capacity }: { capacity: readonly Capacity[] }) {
  return (
    <section className="card" aria-labelledby="capacity-title">
      <h2 id="capacity-title">Capacity by requirement</h2>
      {capacity.length === 0 && <p className="soft">No job asks for anything at the moment.</p>}
      <ul className="lines">
        {capacity.map((room) => (
          <li key={room.requirement} className="line">
            <span className="line-name">
              <strong>{room.requirement}</strong> <span className="soft small">{formatCount(room.nodes, "node")}</span>
            </span>
            <span className="small line-end">{describe(room)}</span>
            <span className="line-whole">
              <Fill room={room} />
            </span>
            {room.nodes === 0 && room.waiting > 0 && (
              <span className="small line-whole warning">No node of the cluster takes such jobs.</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function describe({ running, waiting, places }: Capacity): string {
  const taken = places === undefined ? `${running} running` : `${running} of ${formatCount(places, "place")} taken`;
  return waiting > 0 ? `${taken}, ${waiting} waiting` : taken;
}

function Fill({ room }: { room: Capacity }) {
  if (!room.places) {
    return null;
  }
  const share = Math.min(room.running / room.places, 1);
  return (
    <span className="progress-bar fill" role="img" aria-label={`${Math.round(share * 100)} % of the places are taken`}>
      <span className={room.waiting > 0 ? "tone-gate" : "tone-running"} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
