const KEY = "l4lb-token";

/** The token of this tab, gone with it; null when none was given. */
export const token = {
  get: (): string | null => sessionStorage.getItem(KEY),
  set: (text: string): void => sessionStorage.setItem(KEY, text),
  forget: (): void => sessionStorage.removeItem(KEY),
};
