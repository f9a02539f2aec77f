/** What people have written about the DAG. */

import { useState } from "react";
import { inNamespace } from "../../api/client";
import { useAction, useRights } from "../../api/queries";
import type { DagDetail } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { ErrorNote } from "../../parts/ErrorNote";
import { Age } from "../../parts/Time";

const LONGEST = 1024;

export function Comments({ dag }: { dag: DagDetail }) {
  const rights = useRights(dag.namespace).data;
  const add = useAction<DagDetail>(inNamespace(dag.namespace, "dags", dag.name, "comments"));
  const [text, setText] = useState("");
  return (
    <section className="comments" aria-label="Comments">
      <h2>Comments</h2>
      {dag.comments.length === 0 && <p className="quiet">Nobody has written anything yet.</p>}
      <ol className="comment-list">
        {dag.comments.map((comment) => (
          <li key={`${comment.time} ${comment.user} ${comment.text}`} className="comment">
            <p className="comment-head">
              <strong>{comment.user}</strong> <Age value={comment.time} />
            </p>
            <p className="comment-text">{comment.text}</p>
          </li>
        ))}
      </ol>
      <label className="field">
        <span>Add a comment</span>
        <textarea rows={2} maxLength={LONGEST} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      {add.error && <ErrorNote error={add.error} />}
      <ActionButton
        right={rights?.["dags.comment"]}
        needsRight
        name={dag.name}
        icon="comment"
        whyNot={text.trim() === "" ? "Write something first." : ""}
        isBusy={add.isPending}
        onClick={() => add.mutate({ text: text.trim() }, { onSuccess: () => setText("") })}
      >
        Add comment
      </ActionButton>
    </section>
  );
}
