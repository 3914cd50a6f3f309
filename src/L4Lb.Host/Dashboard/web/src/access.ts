import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Access } from "./api/types";

/** What who looks may do. */
export const AccessContext = createContext<Access>({ level: "reader", token: false });

/** Why nothing may be changed; null when it may. */
export const useRefusal = (): string | null =>
  useContext(AccessContext).level === "operator" ? null : "This token is for looking only";
