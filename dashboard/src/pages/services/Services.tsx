import { useState } from "react";
import { useServices } from "../../api/queries";
import type { JobItem } from "../../api/types";
import { useQueryParams } from "../../app/location";
import { useNamespace } from "../../app/namespace";
import { EmptyState } from "../../parts/EmptyState";
import { ListingTable } from "../../parts/ListingTable";
import { PageHead } from "../../parts/PageHead";
import { columnsOf } from "./columns";
import { ServiceLog } from "./ServiceLog";
import { StopDialog } from "./StopDialog";

/** What serves until somebody stops it: its state, how often it was restarted, where it answers. */
export default function Services() {
  const [namespace] = useNamespace();
  const services = useServices(namespace);
  const [params, change] = useQueryParams();
  const log = params.get("log");
  const [stopping, setStopping] = useState<JobItem>();
  return (
    <div className="page">
      <PageHead title="Services" />
      <ListingTable
        label="Services"
        columns={columnsOf(namespace === undefined, setStopping)}
        listing={services}
        rowKey={(service) => service.job.uid}
        empty={
          <EmptyState title="No services">
            <p>A service is a job that goes on until it is stopped: a model behind a port, a notebook, a web page.</p>
            <p>In a pipeline, give a job a port, and it shows up here with its address.</p>
          </EmptyState>
        }
      />
      {log && <ServiceLog key={log} of={log} onClose={() => change({ log: undefined })} />}
      {stopping && <StopDialog service={stopping} onClose={() => setStopping(undefined)} />}
    </div>
  );
}
