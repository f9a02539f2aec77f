import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { SESSION, useSession, useSignIn } from "../api/session";
import { Command } from "../parts/Copy";
import { ErrorNote } from "../parts/ErrorNote";
import { go, useQueryParams } from "./location";
import { EASIEST, EASIEST_COMMAND, PASTE, PASTE_COMMAND } from "./signInWords";

/** Sign in by a token, or by the code that `titan dashboard` puts into the address. */
export function SignIn() {
  const [params] = useQueryParams();
  const session = useSession();
  const signIn = useSignIn();
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const isHere = window.location.hash.startsWith("#/sign-in");
  const code = useOnce(params.get("code"));
  const hadSession = queries.getQueryState(SESSION)?.dataUpdateCount ?? 0;
  const { mutate } = signIn;
  useEffect(() => {
    document.title = "Sign in · Titan";
    if (code.current) {
      const used = code.current;
      code.current = null;
      // Neither the address bar nor the history shall keep it.
      go("/sign-in", { replace: true });
      mutate({ code: used });
    }
  }, [code, mutate]);
  useEffect(() => {
    if (isHere && session.data && !signIn.isPending && !signIn.isError) {
      go("/", { replace: true });
    }
  }, [isHere, session.data, signIn.isPending, signIn.isError]);
  return (
    <main className="alone">
      <form
        className="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ token: token.trim() });
        }}
      >
        <img src="favicon.svg" alt="" width="40" height="40" />
        <h1>Sign in to Titan</h1>
        {hadSession > 1 && !signIn.error && (
          <p className="note" role="status">
            You are signed out, or your session has ended. After signing in you are back where you were.
          </p>
        )}
        {signIn.error && <ErrorNote error={signIn.error} />}
        <label className="field">
          <span>Token</span>
          <input
            type="password"
            name="token"
            autoComplete="off"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
            aria-describedby="token-help"
            required
          />
        </label>
        <button type="submit" className="button button-primary" aria-disabled={signIn.isPending || undefined}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </button>
        <div id="token-help" className="sign-in-help">
          <p>{EASIEST}</p>
          <Command text={EASIEST_COMMAND} />
          <p>{PASTE}</p>
          <Command text={PASTE_COMMAND} />
        </div>
      </form>
    </main>
  );
}

/** The value of the first time; whoever uses it takes it away. */
function useOnce(value: string | null) {
  return useRef(value);
}
