import {
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

type Notify = (text: string, kind?: "good" | "bad") => void;
interface Notice {
  id: number;
  text: string;
  kind: "good" | "bad";
}

const NoticesContext = createContext<Notify>(() => undefined);
const SHOWN_FOR = 7_000;
const AT_MOST = 3;

/** Short news about what the reader did, seen and heard: `notify("The job is being cancelled.")`. */
export function useNotify(): Notify {
  return useContext(NoticesContext);
}

export function Notices({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Notice[]>([]);
  const last = useRef(0);
  const place = useRef<HTMLDivElement>(null);
  const drop = useCallback((id: number) => setShown((all) => all.filter((notice) => notice.id !== id)), []);
  const notify = useCallback<Notify>(
    (text, kind = "good") => {
      last.current += 1;
      const id = last.current;
      setShown((all) => [...all, { id, text, kind }].slice(-AT_MOST));
      setTimeout(() => drop(id), SHOWN_FOR);
    },
    [drop],
  );
  useInFront(place, shown);
  return (
    <NoticesContext.Provider value={notify}>
      {children}
      <div ref={place} className="notices" role="status" aria-live="polite">
        {shown.map(({ id, text, kind }) => (
          <p key={id} className={`notice notice-${kind}`}>
            {text}
            <button type="button" className="button-plain" onClick={() => drop(id)} aria-label="Close this notice">
              ×
            </button>
          </p>
        ))}
      </div>
    </NoticesContext.Provider>
  );
}

/** An open dialog covers the page, also what was told meanwhile: as a popover the newest notice comes to lie above it. */
function useInFront(place: RefObject<HTMLElement | null>, shown: readonly Notice[]): void {
  useLayoutEffect(() => {
    const element = place.current;
    if (shown.length === 0 || !element || !document.querySelector("dialog[open]")) {
      return;
    }
    element.popover = "manual";
    element.showPopover();
    return () => {
      element.hidePopover();
      element.removeAttribute("popover");
    };
  }, [place, shown]);
}
