import { inNamespace } from "../../api/client";
import { useAction } from "../../api/queries";
import type { JobItem } from "../../api/types";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { useNotify } from "../../parts/Notices";

/** Asks before a service is stopped: whoever uses it loses the connection. */
export function StopDialog({ service, onClose }: { service: JobItem; onClose: () => void }) {
  const stop = useAction<JobItem>(inNamespace(service.namespace, "jobs", service.name, "cancel"));
  const notify = useNotify();
  return (
    <ConfirmDialog
      isOpen
      title={`Stop the service ${service.jobID}?`}
      confirm="Stop the service"
      kind="danger"
      isBusy={stop.isPending}
      error={stop.error}
      onConfirm={() =>
        stop.mutate(undefined, {
          onSuccess: () => {
            notify(`The service ${service.jobID} is being stopped.`);
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>
        Whoever uses {service.address ? <code>{service.address}</code> : "it"} loses the connection. It can be submitted
        again later.
      </p>
    </ConfirmDialog>
  );
}
