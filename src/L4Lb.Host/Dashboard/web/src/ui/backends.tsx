import { changeWeight, drainOrEnable, liftWeight } from "../actions";
import { serviceKeyOf } from "../api/keys";
import type { Backend } from "../api/types";
import { ago, byteRate, count, rate, weight } from "../format";
import type { State } from "../live/state";
import { link } from "../routes";
import { Action } from "./action";
import { BackendMark, backendState, reasonOf } from "./health";
import type { Column } from "./table";

/** What can be done to a backend. */
export function BackendActions({ backend }: { backend: Backend }) {
  const where = `${backend.address} of ${backend.namespace}/${backend.service}`;
  const verb = backend.drained ? "Enable" : "Drain";
  return (
    <div class="actions">
      <Action label={`${verb} ${where}`} run={() => void drainOrEnable(backend)}>{verb}</Action>
      <Action label={`Weight of ${where}`} run={() => void changeWeight(backend)}>Weight</Action>
      {backend.weightOverride !== null && <Action label={`Lift weight of ${where}`} run={() => void liftWeight(backend)}>Lift weight</Action>}
    </div>
  );
}

/** Weight as configured, and what it is now where that differs. */
export function Weight({ backend }: { backend: Backend }) {
  const wanted = backend.weightOverride ?? backend.weight;
  return (
    <>
      {weight(wanted)}
      {backend.weightOverride !== null && <small title="set by an operator"> set (was {weight(backend.weight)})</small>}
      {backend.effectiveWeight !== wanted && <small title="weight that it has now"> → {weight(backend.effectiveWeight)}</small>}
    </>
  );
}

/** Why a backend is as it is, and since when. */
export function Why({ backend, now }: { backend: Backend; now: number }) {
  const since = backend.healthSince === null ? "" : `, ${ago(backend.healthSince, now)}`;
  const why = backend.drained ? "an operator drained it" : (reasonOf(backend) ?? (backend.health === "unchecked" ? "nobody looks" : "checks succeed"));
  return <span class="why">{why}{since}</span>;
}

const worst: Record<string, number> = { bad: 0, warn: 1, note: 2, off: 3, ok: 4 };

/** Columns of a list of backends. */
export const backendColumns = (state: State, now: number): readonly Column<Backend>[] => [
  { id: "address", title: "Backend", names: true, cell: (b) => <a class="figures" href={link.backend(b)}>{b.address}</a>, value: (b) => b.address },
  { id: "service", title: "Service", cell: (b) => <a href={link.service(b.namespace, b.service, b.port)}>{serviceKeyOf(b)}</a>, value: serviceKeyOf },
  { id: "health", title: "Health", cell: (b) => <BackendMark backend={b} />, value: (b) => worst[backendState(b).tone]! },
  { id: "why", title: "Why", sentence: true, cell: (b) => <Why backend={b} now={now} /> },
  { id: "weight", title: "Weight", figure: true, cell: (b) => <Weight backend={b} />, value: (b) => b.effectiveWeight },
  { id: "open", title: "Open", figure: true, cell: (b) => count(b.active), value: (b) => b.active },
  { id: "new", title: "New", figure: true, cell: (b) => rate(state.backendRatesOf(b).sessions), value: (b) => state.backendRatesOf(b).sessions },
  { id: "traffic", title: "Traffic", figure: true, cell: (b) => byteRate(state.backendRatesOf(b).bytes), value: (b) => state.backendRatesOf(b).bytes },
  { id: "failed", title: "Failed", figure: true, cell: (b) => count(b.connectFailures), value: (b) => b.connectFailures },
  { id: "acts", title: "Actions", acts: true, cell: (b) => <BackendActions backend={b} /> },
];
