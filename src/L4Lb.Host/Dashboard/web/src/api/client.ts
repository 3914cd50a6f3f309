import { Problem } from "./problem";
import { token } from "./token";
import type { Access, AffinityEntry, AnnouncedAddress, Backend, Happened, List, Listener, Page, Pools, Reloaded, Session } from "./types";

/** Sends a request with the token; throws a Problem when it is refused. Paths are relative to the page. */
export async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = new Headers();
  const secret = token.get();
  if (secret !== null) headers.set("Authorization", `Bearer ${secret}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const response = await fetch(`api/v1/${path}`, {
    method,
    headers,
    redirect: "error",
    credentials: "omit",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await Problem.of(response);
  return response;
}

const ask = async <T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  (await send(method, path, body, signal)).json() as Promise<T>;

/** A query string of what is not empty. */
export function query(parts: Record<string, string | number>): string {
  const given = Object.entries(parts).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, `${value}`]))}`;
}

const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>("GET", path, undefined, signal);

const pathOf = (backend: Backend): string =>
  `services/${[backend.namespace, backend.service].map(encodeURIComponent).join("/")}/backends/${encodeURIComponent(backend.address)}`;

/** "sessions" by TCP or "flows" by UDP. */
export type Conversations = "sessions" | "flows";

/** What of them is asked for; empty parts are not. */
export interface SessionFilter {
  service: string;
  backend: string;
  client: string;
}

export const api = {
  access: (signal?: AbortSignal) => get<Access>("access", signal),
  events: (parts: Record<string, string | number>, signal?: AbortSignal) => get<Page<Happened>>(`events${query(parts)}`, signal),
  listeners: (service: string, signal?: AbortSignal) => get<List<Listener>>(`listeners${query({ service })}`, signal),
  addresses: (signal?: AbortSignal) => get<List<AnnouncedAddress>>("addresses", signal),
  pools: (signal?: AbortSignal) => get<Pools>("pools", signal),
  affinity: (service: string, limit: number, signal?: AbortSignal) =>
    get<Page<AffinityEntry>>(`affinity${query({ service, limit })}`, signal),
  sessions: (of: Conversations, filter: SessionFilter, limit: number, after: number, signal?: AbortSignal) =>
    get<Page<Session>>(`${of}${query({ ...filter, limit, after: after === 0 ? "" : after })}`, signal),

  drain: (backend: Backend) => ask<List<Backend>>("POST", `${pathOf(backend)}/drain`),
  enable: (backend: Backend) => ask<List<Backend>>("POST", `${pathOf(backend)}/enable`),
  weight: (backend: Backend, weight: number | null) => ask<List<Backend>>("PUT", `${pathOf(backend)}/weight`, { weight }),
  kill: (of: Conversations, id: number) => ask<{ killed: number }>("DELETE", `${of}/${id}`),
  killAll: (of: Conversations, filter: SessionFilter) => ask<{ killed: number }>("DELETE", `${of}${query({ ...filter })}`),
  reload: () => ask<Reloaded>("POST", "reload"),
};
