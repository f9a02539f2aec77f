import { useState } from "react";
import type { RunDetail } from "../../api/types";
import { Preview } from "../../parts/Preview";
import { content, type Source, uploadedFile } from "../../parts/PreviewLoad";
import { showTurns } from "../../parts/turns";
import "../files/files.css";

type Artifact = RunDetail["artifacts"][number];

/** Files that the run published under a key. */
export function Artifacts({ namespace, artifacts }: { namespace: string; artifacts: readonly Artifact[] }) {
  const [chosen, setChosen] = useState<string>();
  const artifact = artifacts.find((item) => item.key === chosen);
  return (
    <section className="artifacts">
      <h2>Artifacts</h2>
      {artifacts.length === 0 ? (
        <p className="soft">The run has published no artifacts.</p>
      ) : (
        <div className="browse">
          <ul className="file-rows" aria-label="Artifacts">
            {artifacts.map((item) => (
              <li key={item.key}>
                <button
                  type="button"
                  className="file-row"
                  aria-pressed={item.key === chosen}
                  onClick={() => setChosen(item.key)}
                >
                  <span className="file-row-name">{showTurns(item.name)}</span>
                  <span className="file-row-facts">{showTurns(item.key)}</span>
                </button>
              </li>
            ))}
          </ul>
          <div className="browse-detail">
            {artifact ? (
              <Preview key={artifact.key} source={sourceOf(namespace, artifact)} />
            ) : (
              <p className="soft">Choose an artifact to see what is in it.</p>
            )}
          </div>
        </div>
      )}
    </section>
  );
}

/** By digest, so that it is this run's file, whatever was uploaded under its name since; old ones have only a name. */
function sourceOf(namespace: string, { name, digest }: Artifact): Source {
  return digest ? content(namespace, { name, digest }) : uploadedFile(namespace, { name });
}
