/** A DAG: what it is, how far it is, and each of its jobs, as a graph, a list and bars on a time axis. */

import { useDag } from "../../api/queries";
import type { DagDetail } from "../../api/types";
import type { ObjectProps } from "../../app/props";
import { ErrorNote } from "../../parts/ErrorNote";
import { PageHead } from "../../parts/PageHead";
import { Skeleton } from "../../parts/Skeleton";
import { Tabs } from "../../parts/Tabs";
import { type DagAddress, type DagTab, type Navigation, useDagAddress } from "./address";
import { Comments } from "./Comments";
import "./dag.css";
import { FilesTab } from "./FilesTab";
import { GraphTab } from "./GraphTab";
import { Head, Where } from "./Head";
import { JobsTab } from "./JobsTab";
import { JobPanel } from "./job/JobPanel";
import { Manifest } from "./Manifest";
import { TimelineTab } from "./TimelineTab";

const TABS: readonly { key: DagTab; title: string }[] = [
  { key: "graph", title: "Graph" },
  { key: "jobs", title: "Jobs" },
  { key: "timeline", title: "Time-line" },
  { key: "files", title: "Files" },
  { key: "yaml", title: "YAML" },
];

export default function Dag({ namespace, name }: ObjectProps) {
  const dag = useDag(namespace, name);
  const [address, navigation] = useDagAddress();
  if (!dag.data) {
    return (
      <div className="page">
        <PageHead title={name} above={<Where namespace={namespace} />} />
        {dag.error ? <ErrorNote error={dag.error} retry={() => void dag.refetch()} /> : <Skeleton rows={8} />}
      </div>
    );
  }
  return (
    <div className={address.job ? "dag dag-beside" : "dag"}>
      <div className="dag-main">
        {dag.error && <ErrorNote error={dag.error} retry={() => void dag.refetch()} />}
        <Head dag={dag.data} />
        <Tabs label="Views of the DAG" tabs={TABS} current={address.view} onChoose={navigation.showView}>
          <View dag={dag.data} address={address} navigation={navigation} />
        </Tabs>
        <Comments dag={dag.data} />
      </div>
      {address.job && (
        <JobPanel namespace={namespace} name={address.job} dag={name} address={address} navigation={navigation} />
      )}
    </div>
  );
}

interface ViewProps {
  dag: DagDetail;
  address: DagAddress;
  navigation: Navigation;
}

function View({ dag, address, navigation }: ViewProps) {
  switch (address.view) {
    case "graph":
      return <GraphTab namespace={dag.namespace} dag={dag.name} address={address} navigation={navigation} />;
    case "jobs":
      return <JobsTab namespace={dag.namespace} dag={dag.name} address={address} navigation={navigation} />;
    case "timeline":
      return <TimelineTab dag={dag} selected={address.job} onOpen={navigation.openJob} />;
    case "files":
      return <FilesTab namespace={dag.namespace} dag={dag.name} />;
    case "yaml":
      return <Manifest namespace={dag.namespace} kind="dags" name={dag.name} />;
  }
}
