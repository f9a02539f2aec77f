import { Link } from "wouter";
import { useApprovals } from "../api/queries";
import { formatCount } from "../parts/format";
import { Icon, type IconName } from "../parts/Icon";
import { links } from "./links";
import { useIsList, useIsWithin } from "./location";
import { useNamespaceForLinks } from "./namespace";

interface Entry {
  path: string;
  title: string;
  icon: IconName;
  href: (namespace?: string) => string;
}

const ENTRIES: readonly Entry[] = [
  { path: "/", title: "Overview", icon: "overview", href: links.overview },
  { path: "/dags", title: "DAGs", icon: "dags", href: (namespace) => links.dags(namespace ? { namespace } : {}) },
  { path: "/runs", title: "Agent runs", icon: "runs", href: links.runs },
  { path: "/approvals", title: "Approvals", icon: "gate", href: links.approvals },
  { path: "/services", title: "Services", icon: "services", href: links.services },
  { path: "/files", title: "Files", icon: "files", href: links.files },
  { path: "/store", title: "Store", icon: "store", href: links.store },
];

export function Navigation({ onGone }: { onGone: () => void }) {
  const namespace = useNamespaceForLinks(useIsList());
  const waiting = useApprovals({ namespace, phase: "Pending", limit: 1 }).total ?? 0;
  return (
    <nav aria-label="Pages" className="nav">
      <ul>
        {ENTRIES.map((entry) => (
          <li key={entry.path}>
            <NavigationLink
              entry={entry}
              namespace={namespace}
              count={entry.icon === "gate" ? waiting : 0}
              onGone={onGone}
            />
          </li>
        ))}
      </ul>
      <p role="status" className="hidden">
        {waiting > 0 && `${formatCount(waiting, "approval")} ${waiting === 1 ? "waits" : "wait"} for a decision`}
      </p>
    </nav>
  );
}

interface LinkProps {
  entry: Entry;
  namespace: string | undefined;
  count: number;
  onGone: () => void;
}

function NavigationLink({ entry, namespace, count, onGone }: LinkProps) {
  const isHere = useIsWithin(entry.path);
  return (
    <Link href={entry.href(namespace)} className="nav-link" aria-current={isHere ? "page" : undefined} onClick={onGone}>
      <Icon name={entry.icon} />
      <span>{entry.title}</span>
      {count > 0 && (
        <span className="badge badge-loud">
          {count}
          <span className="hidden"> waiting</span>
        </span>
      )}
    </Link>
  );
}
