/** A DAG or job in Kubernetes' own form, as the API server has it now. */

import { useMemo } from "react";
import { inNamespace } from "../../api/client";
import { useManifest } from "../../api/queries";
import { Copy } from "../../parts/Copy";
import { ErrorNote } from "../../parts/ErrorNote";
import { Skeleton } from "../../parts/Skeleton";

interface Props {
  namespace: string;
  kind: "dags" | "jobs";
  name: string;
}

/** What scrolls must be reachable by keyboard, though there is nothing in it to press. */
const REACHABLE = { tabIndex: 0 };

export function Manifest({ namespace, kind, name }: Props) {
  const manifest = useManifest(namespace, kind, name);
  const address = useMemo(() => inNamespace(namespace, kind, name, "manifest"), [namespace, kind, name]);
  if (manifest.data === undefined) {
    return manifest.error ? <ErrorNote error={manifest.error} retry={() => void manifest.refetch()} /> : <Skeleton />;
  }
  return (
    <div className="manifest">
      <p className="manifest-tools">
        <Copy text={manifest.data} what="the YAML" />
        <a className="button" href={address} download={`${name}.yaml`}>
          Download
        </a>
        <button type="button" className="button" onClick={() => void manifest.refetch()}>
          Read again
        </button>
      </p>
      <section className="manifest-text" aria-label={`YAML of ${name}`} {...REACHABLE}>
        <pre>{manifest.data}</pre>
      </section>
    </div>
  );
}
