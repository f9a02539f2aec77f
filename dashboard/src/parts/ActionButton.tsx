import { type ReactNode, useId } from "react";
import type { Right } from "../api/types";
import { Command } from "./Copy";
import { Icon, type IconName } from "./Icon";
import { useNotify } from "./Notices";

interface ActionButtonProps {
  children: ReactNode;
  onClick: () => void;
  /** Of the viewer; while it is not known yet the button waits. Absent: no right is needed. */
  right?: Right | undefined;
  needsRight?: boolean;
  /** Why it makes no sense now ("The DAG has ended."); empty or absent where it does. */
  whyNot?: string | undefined;
  /** Put in the place of NAME in the command of the right. */
  name?: string;
  kind?: "default" | "primary" | "danger";
  icon?: IconName;
  isBusy?: boolean;
}

const NO_RIGHT = "You may not do this here.";

/**
 * A button that would be refused says why: it stays reachable by keyboard, shows its reason as title and on a click,
 * and offers the command where another way exists.
 */
export function ActionButton(props: ActionButtonProps) {
  const { children, onClick, right, needsRight = right !== undefined, whyNot, kind = "default", icon } = props;
  const { isBusy = false, name = "NAME" } = props;
  const notify = useNotify();
  const reasonId = useId();
  const reason = whyNot || refusal(right, needsRight);
  const isOff = Boolean(reason) || isBusy;
  const command = right && !right.allowed && !whyNot ? right.command : undefined;
  return (
    <span className="action">
      <button
        type="button"
        className={`button button-${kind}`}
        aria-disabled={isOff || undefined}
        aria-busy={isBusy || undefined}
        aria-describedby={reason ? reasonId : undefined}
        title={reason || undefined}
        onClick={() => {
          if (!isOff) {
            onClick();
          } else if (reason) {
            notify(reason, "bad");
          }
        }}
      >
        {icon && <Icon name={icon} />}
        <span>{children}</span>
      </button>
      {reason && (
        <span id={reasonId} className="hidden">
          {reason}
        </span>
      )}
      {command && <Command text={fill(command, name)} />}
    </span>
  );
}

function refusal(right: Right | undefined, isNeeded: boolean): string {
  if (!right) {
    return isNeeded ? "Your rights are being looked up." : "";
  }
  return right.allowed ? "" : right.reason || NO_RIGHT;
}

/** The store writes NAME where the object's name belongs. */
export function fill(command: string, name: string): string {
  return command.replace(/\bNAME\b/, () => name);
}
