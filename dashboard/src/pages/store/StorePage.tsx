import { useQueryParams } from "../../app/location";
import { PageHead } from "../../parts/PageHead";
import { Tabs } from "../../parts/Tabs";
import { OneNamespace } from "../files/OneNamespace";
import { Sets } from "./Sets";
import { Values } from "./Values";
import "../files/files.css";
import "./store.css";

const TABS = [
  { key: "values", title: "Values" },
  { key: "sets", title: "Sets" },
] as const;

/** What jobs and people keep by key. Folder, key and form of the list are in the address. */
export default function StorePage() {
  const [params, change] = useQueryParams();
  const current = params.get("tab") === "sets" ? "sets" : "values";
  return (
    <div className="page">
      <PageHead title="Store" />
      <Tabs
        label="Store"
        tabs={TABS}
        current={current}
        onChoose={(tab) => change({ tab: tab === "sets" ? tab : undefined, prefix: undefined, key: undefined })}
      >
        <OneNamespace what="values">
          {(namespace) =>
            current === "sets" ? (
              <Sets key={namespace} namespace={namespace} />
            ) : (
              <Values key={namespace} namespace={namespace} />
            )
          }
        </OneNamespace>
      </Tabs>
    </div>
  );
}
