import { useCallback, useState } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = "titan-theme";

/** Before the first paint, so that nothing flashes. */
export function applyKeptTheme(): void {
  apply(readKept());
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(readKept);
  const choose = useCallback((chosen: Theme) => {
    setTheme(chosen);
    apply(chosen);
    keep(chosen);
  }, []);
  return [theme, choose];
}

function apply(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

/** Browsers may refuse the storage to a page: then the choice holds for this visit. */
function readKept(): Theme {
  try {
    const kept = window.localStorage.getItem(KEPT_AS);
    return THEMES.find((theme) => theme === kept) ?? "system";
  } catch {
    return "system";
  }
}

function keep(theme: Theme): boolean {
  try {
    window.localStorage.setItem(KEPT_AS, theme);
    return true;
  } catch {
    return false;
  }
}
