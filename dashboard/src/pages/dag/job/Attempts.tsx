/** Each try at the job: where, how long, how it ended. */

import type { Attempt } from "../../../api/types";
import { EmptyState } from "../../../parts/EmptyState";
import { Span, Time } from "../../../parts/Time";

interface Props {
  attempts: readonly Attempt[];
  onLog: (attempt: number) => void;
}

export function Attempts({ attempts, onLog }: Props) {
  if (attempts.length === 0) {
    return <EmptyState title="Not started yet">The sentence above says what the job is waiting for.</EmptyState>;
  }
  return (
    <div className="wide">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">Started</th>
            <th scope="col">Took</th>
            <th scope="col">Node</th>
            <th scope="col">End</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {attempts.toReversed().map((attempt) => (
            <tr key={attempt.number}>
              <th scope="row">{attempt.number}</th>
              <td>
                <Time value={attempt.startTime} />
              </td>
              <td>{attempt.startTime && <Span from={attempt.startTime} to={attempt.endTime} />}</td>
              <td>
                {attempt.nodeName}
                <div className="quiet">{attempt.pod}</div>
              </td>
              <td>
                {endOf(attempt)}
                {attempt.message && <div className="quiet">{attempt.message}</div>}
              </td>
              <td>
                <button type="button" className="button" onClick={() => onLog(attempt.number)}>
                  Log<span className="hidden"> of attempt {attempt.number}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function endOf(attempt: Attempt): string {
  const parts = [attempt.reason, attempt.exitCode === undefined ? undefined : `exit code ${attempt.exitCode}`];
  return parts.filter(Boolean).join(", ") || (attempt.endTime ? "ended" : "under way");
}
