import { useQueryParams } from "../../app/location";
import { PageHead } from "../../parts/PageHead";
import { Tabs } from "../../parts/Tabs";
import { LeftByJobs } from "./LeftByJobs";
import { OneNamespace } from "./OneNamespace";
import { Uploaded } from "./Uploaded";

const TABS = [
  { key: "uploaded", title: "Uploaded" },
  { key: "left", title: "Left by jobs" },
] as const;

/** Files that people and programs uploaded by name, and files that jobs left in their workspace. */
export default function Files() {
  const [params, change] = useQueryParams();
  const current = params.get("tab") === "left" ? "left" : "uploaded";
  return (
    <div className="page">
      <PageHead title="Files" />
      <Tabs
        label="Files"
        tabs={TABS}
        current={current}
        onChoose={(tab) => change({ tab: tab === "left" ? tab : undefined, prefix: undefined, file: undefined })}
      >
        <OneNamespace what="files">
          {(namespace) =>
            current === "left" ? (
              <LeftByJobs key={namespace} namespace={namespace} />
            ) : (
              <Uploaded key={namespace} namespace={namespace} />
            )
          }
        </OneNamespace>
      </Tabs>
    </div>
  );
}
