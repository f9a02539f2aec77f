import { useState } from "react";
import { useLeftFiles } from "../../api/queries";
import type { GateItem } from "../../api/types";
import { EmptyState } from "../../parts/EmptyState";
import { LogView } from "../../parts/LogView";
import { Tabs } from "../../parts/Tabs";
import { LeftFiles } from "../files/LeftFiles";

/** What the decision is about: what the job has written, and the files that it left. */
export function Material({ gate }: { gate: GateItem }) {
  const [chosen, setChosen] = useState<"files" | "log">();
  const files = useLeftFiles(gate.namespace, gate.dag ?? "", { job: gate.job }, { enabled: gate.dag !== undefined });
  const hasNoFiles = gate.dag === undefined || (!files.isPending && !files.error && files.items.length === 0);
  // Whoever has chosen nothing sees what there is.
  const current = chosen ?? (hasNoFiles ? "log" : "files");
  return (
    <section className="card approval-material" aria-label="What the job left">
      <Tabs
        label="What the job left"
        tabs={[
          { key: "files", title: "Files", count: files.total },
          { key: "log", title: "Log" },
        ]}
        current={current}
        onChoose={setChosen}
      >
        {current === "log" ? (
          <LogView namespace={gate.namespace} job={gate.jobUID} name={gate.jobID} />
        ) : gate.dag ? (
          <LeftFiles namespace={gate.namespace} dag={gate.dag} job={gate.job} />
        ) : (
          <EmptyState title="No files">This job belongs to no DAG, so no files of it are listed.</EmptyState>
        )}
      </Tabs>
    </section>
  );
}
