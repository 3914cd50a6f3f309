import type { Backend, Listener, Service } from "../api/types";
import { Mark, type Tone } from "./mark";

const TONES: Record<Backend["health"], Tone> = { up: "ok", unchecked: "off", down: "bad", ejected: "warn", maintenance: "note" };

/** A backend's state in a word: what keeps sessions from it comes first. */
export function backendState(backend: Backend): { tone: Tone; word: string } {
  if (backend.drained) return { tone: "note", word: "drained" };
  if (backend.notEligible !== null) return { tone: "note", word: "not eligible" };
  if (backend.health === "up" && backend.effectiveWeight === 0) return { tone: "note", word: "no weight" };
  return { tone: TONES[backend.health], word: backend.health };
}

/** Why it is so, where there is something to say. */
export const reasonOf = (backend: Backend): string | null => backend.notEligible ?? backend.healthReason;

export function BackendMark({ backend }: { backend: Backend }) {
  const { tone, word } = backendState(backend);
  return <Mark tone={tone}>{word}</Mark>;
}

/** A service's state in a word. */
export function serviceState(service: Service): { tone: Tone; word: string } {
  if (service.backendsUsable === 0) return { tone: "bad", word: "no backend" };
  if (service.backendsUsable < service.backends) return { tone: "warn", word: "degraded" };
  return { tone: "ok", word: "serving" };
}

export function ServiceMark({ service }: { service: Service }) {
  const { tone, word } = serviceState(service);
  return <Mark tone={tone}>{word}</Mark>;
}

const LISTENER: Record<Listener["state"], { tone: Tone; word: string }> = {
  listening: { tone: "ok", word: "listening" },
  noBackend: { tone: "off", word: "no backend" },
  failed: { tone: "bad", word: "failed" },
};

export const ListenerMark = ({ listener }: { listener: Listener }) => (
  <Mark tone={LISTENER[listener.state].tone}>{LISTENER[listener.state].word}</Mark>
);
