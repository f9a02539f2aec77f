import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { Router } from "wouter";
import { ApiError } from "../api/client";
import { NO_ANSWER } from "../api/patience";
import { SESSION, useCommonSignOut, useSession } from "../api/session";
import { ErrorNote } from "../parts/ErrorNote";
import { Notices } from "../parts/Notices";
import { useAddress, useFragmentLocation } from "./location";
import { NamespaceMemory } from "./namespace";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";

const TRIES = 3;

/** Answers are renewed by the stream of changes, never by time or focus. */
export function makeQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // The session ended meanwhile: asking who is signed in leads to the sign-in page.
      onError: (problem, { queryKey }) => {
        if (problem instanceof ApiError && problem.status === 401 && queryKey[0] !== SESSION[0]) {
          void queries.invalidateQueries({ queryKey: SESSION });
        }
      },
    }),
    defaultOptions: {
      queries: {
        // The store may be on this machine, whatever the browser thinks of the internet.
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 1_000,
        // Whoever has waited long enough is told now; the stream brings the answers as soon as there are any.
        retry: (count, problem) =>
          count < TRIES && problem instanceof ApiError && problem.isPassing && problem.code !== NO_ANSWER,
        retryDelay: (count) => Math.min(400 * 2 ** count, 5_000),
      },
      mutations: { networkMode: "always" },
    },
  });
  return queries;
}

export function App() {
  const [queries] = useState(makeQueries);
  return (
    <QueryClientProvider client={queries}>
      <Router hook={useFragmentLocation}>
        <Notices>
          <NamespaceMemory>
            <SignedIn />
          </NamespaceMemory>
        </Notices>
      </Router>
    </QueryClientProvider>
  );
}

/** The page that was wanted stays in the address while somebody signs in. */
function SignedIn() {
  const session = useSession();
  useCommonSignOut();
  const isSigningIn = useAddress().startsWith("/sign-in");
  if (session.data === null || isSigningIn) {
    return <SignIn />;
  }
  if (session.data) {
    return <Shell session={session.data} />;
  }
  return session.error ? (
    <main className="alone">
      <ErrorNote error={session.error} retry={() => void session.refetch()} />
    </main>
  ) : (
    <p className="boot">
      <img src="favicon.svg" alt="" width="22" height="22" /> Titan
    </p>
  );
}
