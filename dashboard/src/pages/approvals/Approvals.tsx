import { useApprovals } from "../../api/queries";
import { useQueryParams } from "../../app/location";
import { useNamespace } from "../../app/namespace";
import { PageHead } from "../../parts/PageHead";
import { Tabs } from "../../parts/Tabs";
import { History } from "./History";
import { Waiting } from "./Waiting";
import "./approvals.css";

/** Decisions that people have to make: those that wait, and those that were made. */
export default function Approvals() {
  const [namespace] = useNamespace();
  const [params, change] = useQueryParams();
  const current = params.get("tab") === "history" ? "history" : "waiting";
  const waiting = useApprovals({ namespace, phase: "Pending" });
  return (
    <div className="page">
      <PageHead title="Approvals" />
      <Tabs
        label="Approvals"
        tabs={[
          { key: "waiting", title: "Waiting", count: waiting.total ?? waiting.items.length },
          { key: "history", title: "History" },
        ]}
        current={current}
        onChoose={(tab) => change({ tab: tab === "history" ? tab : undefined })}
      >
        {current === "waiting" ? <Waiting waiting={waiting} /> : <History namespace={namespace} />}
      </Tabs>
    </div>
  );
}
