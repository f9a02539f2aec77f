import { useNamespaces } from "../api/queries";
import type { Session } from "../api/types";
import { useIsList } from "./location";

/** Whether there is no namespace that the viewer may read; undefined while it is being found out. */
export function useSeesNothing(): boolean | undefined {
  const { data, isPending } = useNamespaces();
  return isPending ? undefined : data !== undefined && !data.all && data.items.length === 0;
}

/** Empty lists look as if nobody had submitted anything; whoever merely has no right yet must be told so. */
export function NothingVisible({ session }: { session: Session }) {
  const isList = useIsList();
  const seesNothing = useSeesNothing();
  if (!isList || !seesNothing) {
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
