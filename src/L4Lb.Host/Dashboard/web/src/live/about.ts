import type { Backend, Happened } from "../api/types";

// The server looks for parts of names, and 10.0.0.1:80 is one of 10.0.0.1:8080.

/** Whether an event names a Service, or a port of it. */
export const isAboutService = (event: Happened, namespace: string, name: string): boolean =>
  Object.values(event.about).some((text) => text.split(/[\s,]+/).some((word) => word === `${namespace}/${name}` || word.startsWith(`${namespace}/${name}:`)));

/** Whether an event is about a backend of a Service: found out by the program, or done by an operator. */
export function isAboutBackend(event: Happened, backend: Pick<Backend, "namespace" | "service" | "address">): boolean {
  const isNamed = Object.values(event.about).some((text) => text.split(/[\s,]+/).includes(backend.address));
  return isNamed && isAboutService(event, backend.namespace, backend.service);
}
