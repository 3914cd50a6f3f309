import type { Backend, Service } from "./types";

/** What the stream calls a service port, also when it is gone. */
export const serviceKey = (service: Pick<Service, "namespace" | "name" | "port">): string =>
  `${service.namespace}/${service.name}:${service.port}`;

/** The service port that a backend serves. */
export const serviceKeyOf = (item: Pick<Backend, "namespace" | "service" | "port">): string =>
  `${item.namespace}/${item.service}:${item.port}`;

/** What the stream calls a backend of a service port. */
export const backendKey = (backend: Pick<Backend, "namespace" | "service" | "port" | "address">): string =>
  `${serviceKeyOf(backend)} ${backend.address}`;

/** How operators name a Service. */
export const serviceName = (item: { namespace: string; service: string }): string => `${item.namespace}/${item.service}`;
