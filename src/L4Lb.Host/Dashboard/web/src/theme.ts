const KEY = "l4lb-theme";

/** "auto" is what the system prefers. */
export type Theme = "auto" | "light" | "dark";

const isTheme = (text: string | null): text is Theme => text === "auto" || text === "light" || text === "dark";

/** What was chosen on this machine. */
export function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return isTheme(kept) ? kept : "auto";
}

/** Shows a theme, and remembers it. */
export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  showTheme(theme);
}

/** Shows a theme: the style sheet has every colour twice and goes by this. */
export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event("themechange"));
}
