import { useId, useRef } from "react";
import { useSignOut } from "../api/session";
import type { Session } from "../api/types";
import { Icon } from "../parts/Icon";
import { useNotify } from "../parts/Notices";
import { Time } from "../parts/Time";
import { THEMES, type Theme, useTheme } from "./theme";

const THEME_WORDS: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

/** Who is signed in, light or dark, and the way out; a popover of the browser, closed by Escape. */
export function UserMenu({ session, onShortcuts }: { session: Session; onShortcuts: () => void }) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const [theme, chooseTheme] = useTheme();
  const notify = useNotify();
  const signOut = useSignOut();
  return (
    <>
      <button
        type="button"
        className="button-plain user"
        popoverTarget={id}
        aria-label={`Signed in as ${session.user}`}
      >
        <Icon name="user" />
        <span className="user-name">{session.user}</span>
      </button>
      <div id={id} ref={menu} popover="auto" className="menu">
        <p className="menu-user">{session.user}</p>
        {session.isShared && <p className="menu-text">This identity is shared by many, so it cannot approve.</p>}
        <p className="menu-text">
          Signed in until <Time value={session.expireTime} />
        </p>
        <fieldset className="choices">
          <legend>Colours</legend>
          {THEMES.map((each) => (
            <label key={each}>
              <input type="radio" name="theme" checked={theme === each} onChange={() => chooseTheme(each)} />
              {THEME_WORDS[each]}
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          className="button"
          onClick={() => {
            menu.current?.hidePopover();
            onShortcuts();
          }}
        >
          Keyboard shortcuts
        </button>
        {session.signIn === "token" && (
          <button
            type="button"
            className="button"
            onClick={() => signOut.mutate(undefined, { onError: (problem) => notify(problem.message, "bad") })}
          >
            Sign out
          </button>
        )}
      </div>
    </>
  );
}
