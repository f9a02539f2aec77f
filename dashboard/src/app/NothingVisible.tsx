import { useNamespaces } from "../api/queries";
import type { Session } from "../api/types";
import { useIsList } from "./routes";

/** Empty lists look as if nobody had submitted anything; whoever merely has no right yet must be told so. */
export function NothingVisible({ session }: { session: Session }) {
  const isList = useIsList();
  const { data } = useNamespaces();
  if (!isList || data === undefined || data.all || data.items.length > 0) {
    return null;
  }
  return (
    <div className="note" role="note">
      <p>
        <strong>There is no namespace with DAGs that {session.user} may read.</strong> If you expect some, ask whoever
        runs the cluster for the role titan-view in your namespace, or titan-approver to decide about approvals too.
      </p>
    </div>
  );
}
