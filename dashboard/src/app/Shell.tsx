import { useEffect, useRef, useState } from "react";
import { useLive } from "../api/live";
import type { Session } from "../api/types";
import { Icon } from "../parts/Icon";
import { ConnectionState } from "./ConnectionState";
import { useAddress } from "./location";
import { NamespaceChoice } from "./NamespaceChoice";
import { Navigation } from "./Navigation";
import { NothingVisible } from "./NothingVisible";
import { Routes } from "./routes";
import { Shortcuts } from "./Shortcuts";
import { UserMenu } from "./UserMenu";

/** What is around every page: navigation, namespace, connection, user. */
export function Shell({ session }: { session: Session }) {
  const connection = useLive();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [hasShortcuts, setShortcuts] = useState(false);
  const main = useFocusOnNewPage();
  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === "Escape" && setMenuOpen(false);
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, []);
  return (
    <div className="shell" data-menu={isMenuOpen ? "open" : "closed"}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <button
          type="button"
          className="button-plain top-menu"
          aria-expanded={isMenuOpen}
          aria-label="Menu"
          onClick={() => setMenuOpen(!isMenuOpen)}
        >
          <Icon name={isMenuOpen ? "close" : "menu"} />
        </button>
        <a className="brand" href="#/">
          <img src="favicon.svg" alt="" width="22" height="22" />
          <span>Titan</span>
        </a>
        <NamespaceChoice />
        <span className="top-space" />
        <ConnectionState connection={connection} />
        <UserMenu session={session} onShortcuts={() => setShortcuts(true)} />
      </header>
      <div className="side">
        <Navigation onGone={() => setMenuOpen(false)} />
      </div>
      <main ref={main} tabIndex={-1} className="main">
        <NothingVisible session={session} />
        <Routes />
      </main>
      <Shortcuts isOpen={hasShortcuts} onOpen={setShortcuts} />
    </div>
  );
}

/** Whoever goes to another page by keyboard or screen reader begins at its top; the query is the page's own affair. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const path = useAddress().split("?", 1)[0];
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) {
      shown.current = path;
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }, [path]);
  return main;
}
