import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

export interface Tab<K extends string> {
  key: K;
  title: string;
  count?: number | undefined;
}
interface TabsProps<K extends string> {
  label: string;
  tabs: readonly Tab<K>[];
  current: K;
  onChoose: (key: K) => void;
  /** The panel of the current tab. */
  children: ReactNode;
}

/** Tabs as the ARIA practices describe them: one tab stop, arrows choose. */
export function Tabs<K extends string>({ label, tabs, current, onChoose, children }: TabsProps<K>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const here = tabs.findIndex((tab) => tab.key === current);
    const to = target(event.key, here, tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (tab && to !== undefined) {
      event.preventDefault();
      onChoose(tab.key);
      list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
    }
  };
  return (
    <div className="tabs">
      <div ref={list} role="tablist" aria-label={label} className="tab-list" onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === current}
            aria-controls={tab.key === current ? `${id}-panel` : undefined}
            tabIndex={tab.key === current ? 0 : -1}
            className="tab"
            onClick={() => onChoose(tab.key)}
          >
            {tab.title}
            {tab.count !== undefined && <span className="badge">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} className="tab-panel">
        {children}
      </div>
    </div>
  );
}

function target(key: string, here: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (here + 1) % count;
    case "ArrowLeft":
      return (here - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
