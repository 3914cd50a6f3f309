import type { Backend } from "./api/types";

/** Where one is: the words of the path after the `#`, and what is asked for behind its `?`. */
export interface Route {
  path: string[];
  query: URLSearchParams;
}

/** Reads the part of an address from the `#` on. */
export function readRoute(hash: string): Route {
  const [path, query] = hash.replace(/^#?\/?/, "").split("?", 2);
  return { path: (path ?? "").split("/").filter((word) => word !== "").map(decode), query: new URLSearchParams(query ?? "") };
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function to(words: readonly string[], query: Record<string, string> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  return `#/${words.map(encodeURIComponent).join("/")}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Addresses of the pages. */
export const link = {
  overview: () => to([]),
  services: (query?: Record<string, string>) => to(["services"], query),
  service: (namespace: string, name: string, port: string) => to(["services", namespace, name, port]),
  backends: (query?: Record<string, string>) => to(["backends"], query),
  backend: (backend: Pick<Backend, "namespace" | "service" | "port" | "address">) =>
    to(["backends", backend.namespace, backend.service, backend.port, backend.address]),
  sessions: (query?: Record<string, string>) => to(["sessions"], query),
  flows: (query?: Record<string, string>) => to(["flows"], query),
  affinity: (query?: Record<string, string>) => to(["affinity"], query),
  addresses: () => to(["addresses"]),
  events: (query?: Record<string, string>) => to(["events"], query),
};
