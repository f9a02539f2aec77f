import { useId, useState } from "react";
import { inNamespace } from "../../api/client";
import { useAction, useSession } from "../../api/queries";
import type { Decision, GateItem } from "../../api/types";
import { ActionButton } from "../../parts/ActionButton";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Command } from "../../parts/Copy";
import { useNotify } from "../../parts/Notices";
import { countApprovals } from "./words";

type Verdict = Decision["verdict"];
const LONGEST_COMMENT = 1024;

/**
 * A comment and two buttons. Deciding is for good, so each is confirmed; the comment is no form of its own, so no key
 * in it can decide by accident.
 */
export function DecisionForm({ gate }: { gate: GateItem }) {
  const [comment, setComment] = useState("");
  const [wanted, setWanted] = useState<Verdict>();
  const commentID = useId();
  const notify = useNotify();
  const session = useSession();
  const decide = useAction<GateItem>(inNamespace(gate.namespace, "approvals", gate.name, "decision"));
  const whyNot = gate.mayDecide ? undefined : (gate.whyNot ?? "You may not decide about this.");

  const confirm = () => {
    decide.mutate(
      { verdict: wanted, comment: comment.trim() },
      {
        onSuccess: (answer) => {
          setWanted(undefined);
          notify(describeAnswer(answer, wanted));
        },
      },
    );
  };
  const close = () => {
    setWanted(undefined);
    decide.reset();
  };

  return (
    <section className="card decision">
      <h2>Your decision</h2>
      <OwnWord gate={gate} user={session.data?.user} />
      <label htmlFor={commentID}>Comment (optional)</label>
      <textarea
        id={commentID}
        rows={3}
        maxLength={LONGEST_COMMENT}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        disabled={whyNot !== undefined}
      />
      <div className="decision-buttons">
        <ActionButton kind="primary" icon="succeeded" whyNot={whyNot} onClick={() => setWanted("Approve")}>
          Approve
        </ActionButton>
        <ActionButton kind="danger" icon="failed" whyNot={whyNot} onClick={() => setWanted("Reject")}>
          Reject
        </ActionButton>
      </div>
      {whyNot && (
        <div className="decision-why">
          <p>{whyNot}</p>
          {gate.command && (
            <>
              <p className="soft">Somebody who may decide can also type this in a terminal:</p>
              <Command text={gate.command} />
            </>
          )}
        </div>
      )}
      <ConfirmDialog
        isOpen={wanted !== undefined}
        title={wanted === "Reject" ? `Reject “${gate.jobID}”?` : `Approve “${gate.jobID}”?`}
        confirm={wanted === "Reject" ? `Reject ${gate.jobID}` : `Approve ${gate.jobID}`}
        kind={wanted === "Reject" ? "danger" : "primary"}
        isBusy={decide.isPending}
        error={decide.error}
        onConfirm={confirm}
        onClose={close}
      >
        <p>
          {wanted === "Reject"
            ? "What comes after this job will not run. This cannot be taken back."
            : "What comes after this job will run. This cannot be taken back."}
        </p>
        {comment.trim() && (
          <p>
            Your comment: <q>{comment.trim()}</q>
          </p>
        )}
      </ConfirmDialog>
    </section>
  );
}

function OwnWord({ gate, user }: { gate: GateItem; user: string | undefined }) {
  const own = gate.decisions.find((given) => given.user === user);
  if (!own) return null;
  return (
    <p>
      You have {own.verdict === "Approve" ? "approved" : "rejected"} this. {countApprovals(gate)} approvals are given.
    </p>
  );
}

function describeAnswer(gate: GateItem, verdict: Verdict | undefined): string {
  const said = verdict === "Reject" ? "rejected" : "approved";
  return gate.phase === "Pending"
    ? `You ${said} ${gate.jobID}. ${countApprovals(gate)} approvals are given.`
    : `You ${said} ${gate.jobID}.`;
}
