/** Cancel, suspend, retry, resubmit: each said once more where it stops something, and disabled with the reason. */

import { useState } from "react";
import { inNamespace } from "../../api/client";
import { LONG_PATIENCE } from "../../api/patience";
import { useAction, useRights } from "../../api/queries";
import type { DagDetail, DagItem } from "../../api/types";
import { links } from "../../app/links";
import { go } from "../../app/location";
import { ActionButton } from "../../parts/ActionButton";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { useNotify } from "../../parts/Notices";
import { whyNotCancel, whyNotRetry, whyNotSuspend } from "./allowed";

export function DagActions({ dag }: { dag: DagDetail }) {
  const rights = useRights(dag.namespace).data;
  const notify = useNotify();
  const [isCancelling, setCancelling] = useState(false);
  const path = (action: string) => inNamespace(dag.namespace, "dags", dag.name, action);
  const cancel = useAction<DagItem>(path("cancel"));
  const suspend = useAction<DagItem>(path(dag.suspended ? "resume" : "suspend"));
  const retry = useAction<DagItem>(path("retry"), undefined, "POST", LONG_PATIENCE);
  const resubmit = useAction<DagItem>(path("resubmit"), undefined, "POST", LONG_PATIENCE);
  const failed = (error: Error) => notify(error.message, "bad");
  const title = dag.displayName || dag.name;

  return (
    <>
      <ActionButton
        right={rights?.["dags.retry"]}
        needsRight
        name={dag.name}
        icon="retry"
        whyNot={whyNotRetry(dag)}
        isBusy={retry.isPending}
        onClick={() =>
          retry.mutate(undefined, {
            onSuccess: () => notify("What failed or was cancelled runs again."),
            onError: failed,
          })
        }
      >
        Retry
      </ActionButton>
      <ActionButton
        right={rights?.["dags.resubmit"]}
        needsRight
        name={dag.name}
        icon="plus"
        isBusy={resubmit.isPending}
        onClick={() =>
          resubmit.mutate(undefined, {
            onSuccess: (copy) => {
              notify("Submitted again; this is the new DAG.");
              go(links.dag(copy.namespace, copy.name));
            },
            onError: failed,
          })
        }
      >
        Resubmit
      </ActionButton>
      <ActionButton
        right={rights?.["dags.suspend"]}
        needsRight
        name={dag.name}
        icon={dag.suspended ? "play" : "pause"}
        whyNot={whyNotSuspend(dag)}
        isBusy={suspend.isPending}
        onClick={() =>
          suspend.mutate(undefined, {
            onSuccess: () => notify(dag.suspended ? "The DAG goes on." : "No further job of the DAG starts."),
            onError: failed,
          })
        }
      >
        {dag.suspended ? "Resume" : "Suspend"}
      </ActionButton>
      <ActionButton
        right={rights?.["dags.cancel"]}
        needsRight
        name={dag.name}
        icon="stop"
        kind="danger"
        whyNot={whyNotCancel(dag)}
        onClick={() => setCancelling(true)}
      >
        Cancel
      </ActionButton>
      <ConfirmDialog
        isOpen={isCancelling}
        title={`Cancel the DAG ${title}?`}
        confirm="Cancel the DAG"
        kind="danger"
        isBusy={cancel.isPending}
        error={cancel.error}
        onConfirm={() =>
          cancel.mutate(undefined, {
            onSuccess: () => {
              setCancelling(false);
              notify("The DAG is being cancelled.");
            },
          })
        }
        onClose={() => setCancelling(false)}
      >
        <p>Its running jobs are stopped and the waiting ones never start. What has ended stays as it is.</p>
      </ConfirmDialog>
    </>
  );
}
