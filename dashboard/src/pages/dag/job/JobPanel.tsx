/** A job beside its DAG: why it is where it is, its log, attempts, events, files, and what it was asked to do. */

import { useJob } from "../../../api/queries";
import type { JobDetail } from "../../../api/types";
import { ErrorNote } from "../../../parts/ErrorNote";
import { Skeleton } from "../../../parts/Skeleton";
import { Tabs } from "../../../parts/Tabs";
import type { DagAddress, JobTab, Navigation } from "../address";
import { Manifest } from "../Manifest";
import { Attempts } from "./Attempts";
import { Details } from "./Details";
import { Events } from "./Events";
import { JobFiles } from "./JobFiles";
import { JobHead } from "./JobHead";
import { JobLog } from "./JobLog";
import { JobSheet } from "./JobSheet";
import "./job.css";

interface Props {
  namespace: string;
  name: string;
  dag: string;
  address: DagAddress;
  navigation: Navigation;
}

export function JobPanel({ namespace, name, dag, address, navigation }: Props) {
  const job = useJob(namespace, name);
  const close = () => navigation.openJob(undefined);
  const title = job.data?.job.jobID ?? name;
  return (
    <JobSheet title={title} subject={name} onClose={close}>
      {job.error && <ErrorNote error={job.error} retry={() => void job.refetch()} />}
      {!job.data && !job.error && <Skeleton />}
      {job.data && (
        // A new job is a new panel: nothing of the one before stays.
        <Content key={name} detail={job.data} dag={dag} address={address} navigation={navigation} />
      )}
    </JobSheet>
  );
}

interface ContentProps {
  detail: JobDetail;
  dag: string;
  address: DagAddress;
  navigation: Navigation;
}

function Content({ detail, dag, address, navigation }: ContentProps) {
  const { job } = detail;
  const tab = address.tab ?? (job.attempt > 0 ? "log" : "details");
  const tabs: readonly { key: JobTab; title: string; count?: number }[] = [
    { key: "log", title: "Log" },
    { key: "attempts", title: "Attempts", count: detail.attempts.length },
    { key: "events", title: "Events" },
    { key: "details", title: "Details" },
    { key: "files", title: "Files" },
    { key: "yaml", title: "YAML" },
  ];
  return (
    <>
      <JobHead detail={detail} />
      <Tabs label="Parts of the job" tabs={tabs} current={tab} onChoose={navigation.showTab}>
        {panelOf(tab, detail, dag, address, navigation)}
      </Tabs>
    </>
  );
}

function panelOf(tab: JobTab, detail: JobDetail, dag: string, address: DagAddress, navigation: Navigation) {
  const { job } = detail;
  switch (tab) {
    case "log":
      return <JobLog detail={detail} attempt={address.attempt} onAttempt={navigation.showAttempt} />;
    case "attempts":
      return <Attempts attempts={detail.attempts} onLog={navigation.showAttempt} />;
    case "events":
      return <Events namespace={job.namespace} job={job.name} />;
    case "details":
      return <Details detail={detail} dag={dag} />;
    case "files":
      return <JobFiles namespace={job.namespace} dag={dag} job={job.name} />;
    case "yaml":
      return <Manifest namespace={job.namespace} kind="jobs" name={job.name} />;
  }
}
