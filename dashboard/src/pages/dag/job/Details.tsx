/** What the job was asked to do, and with what. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import type { JobDetail } from "../../../api/types";
import { links } from "../../../app/links";
import { Copy } from "../../../parts/Copy";
import { formatCount } from "../../../parts/format";
import { Time } from "../../../parts/Time";

export function Details({ detail, dag }: { detail: JobDetail; dag: string }) {
  const { job } = detail;
  return (
    <dl className="details">
      <Row title="Name">{job.name}</Row>
      <Row title="Requirement">{job.requirement}</Row>
      <Row title="Priority">{job.priority}</Row>
      <Row title="Created">
        <Time value={job.createTime} />
      </Row>
      <Row title="Parents were done">{job.readyTime && <Time value={job.readyTime} />}</Row>
      <Row title="After">{names(job.namespace, dag, job.parents)}</Row>
      <Row title="Before">{names(job.namespace, dag, detail.children)}</Row>
      <Row title="Address">
        {job.address && (
          <>
            <code>{job.address}</code> <Copy text={job.address} what="the address" />
          </>
        )}
      </Row>
      <Row title="Program">{programOf(detail)}</Row>
      <Row title="Image">{detail.image && <code>{detail.image}</code>}</Row>
      <Row title="Arguments">{detail.args.length > 0 && <Words words={detail.args} />}</Row>
      <Row title="Environment">
        {detail.env.length > 0 && (
          <ul className="pairs">
            {detail.env.map(({ name, value }) => (
              <li key={name}>
                <code>{name}</code>=<code>{value}</code>
              </li>
            ))}
          </ul>
        )}
      </Row>
      <Row title="Secrets">{detail.secrets.length > 0 && detail.secrets.join(", ")}</Row>
      <Row title="Asks for">{quantities(detail.resources.requests)}</Row>
      <Row title="At most">{quantities(detail.resources.limits)}</Row>
      <Row title="Retries">
        {formatCount(detail.retry.limit, "time")}, first after {detail.retry.backoffSeconds} s, then after at most{" "}
        {detail.retry.maxBackoffSeconds} s
      </Row>
      <Row title="Must end within">
        {detail.activeDeadlineSeconds !== undefined && `${detail.activeDeadlineSeconds} s`}
      </Row>
      <Row title="Requested by">{detail.requestedBy}</Row>
      <Row title="Conditions">
        {detail.conditions.length > 0 && (
          <ul className="pairs">
            {detail.conditions.map((condition) => (
              <li key={condition.type}>
                <strong>{condition.type}</strong> {condition.status} {condition.reason}
                {condition.message && `: ${condition.message}`}
              </li>
            ))}
          </ul>
        )}
      </Row>
    </dl>
  );
}

/** A line, unless there is nothing to say. */
function Row({ title, children }: { title: string; children: ReactNode }) {
  if (children === undefined || children === false || children === null || children === "") return null;
  return (
    <div className="detail">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Words({ words }: { words: readonly string[] }) {
  return <code className="words">{words.map((word) => JSON.stringify(word)).join(" ")}</code>;
}

/** Jobs by their ids; the list of jobs finds them. */
function names(namespace: string, dag: string, ids: readonly string[]): ReactNode {
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, 20);
  return (
    <>
      {shown.map((id) => (
        <Link
          key={id}
          className="chip"
          href={`${links.dag(namespace, dag)}?view=jobs&search=${encodeURIComponent(id)}`}
        >
          {id}
        </Link>
      ))}
      {ids.length > shown.length && <span> and {ids.length - shown.length} more</span>}
    </>
  );
}

function programOf({ source }: JobDetail): ReactNode {
  const name = source.fileName ?? source.entrypoint;
  const what = {
    inline: "Program in the job itself",
    script: "Script",
    archive: "Project archive",
    container: "Container",
  }[source.kind];
  return (
    <>
      {what}
      {name && (
        <>
          {" "}
          <code>{name}</code>
        </>
      )}
      {source.command && source.command.length > 0 && (
        <div>
          <Words words={source.command} />
        </div>
      )}
      {source.digest && <div className="quiet">{source.digest}</div>}
    </>
  );
}

function quantities(amounts: Record<string, string>): string {
  return Object.entries(amounts)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(", ");
}
