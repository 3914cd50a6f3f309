import { api, type Conversations, type SessionFilter } from "./api/client";
import { serviceName } from "./api/keys";
import type { Backend, Session } from "./api/types";
import { count } from "./format";
import { confirm } from "./ui/dialog";
import { tell, tellProblem } from "./ui/toast";

const MOST_WEIGHT = 65_535;

/** Keeps new sessions from a backend, or lets them in again. */
export async function drainOrEnable(backend: Backend): Promise<void> {
  const where = `${backend.address} of ${serviceName(backend)}`;
  const question = backend.drained
    ? { title: "Enable this backend?", confirm: "Enable", body: <p><b>{where}</b> gets new sessions again, on every port of the Service.</p> }
    : {
        title: "Drain this backend?",
        confirm: "Drain",
        danger: true,
        body: <p><b>{where}</b> gets no new sessions, on every port of the Service. Its {count(backend.active)} open ones stay.</p>,
      };
  if ((await confirm(question)) === null) return;
  await doing(backend.drained ? `${where} is enabled` : `${where} is drained`, `${where} stays as it is`, () =>
    backend.drained ? api.enable(backend) : api.drain(backend));
}

/** Gives a backend another weight. */
export async function changeWeight(backend: Backend): Promise<void> {
  const where = `${backend.address} of ${serviceName(backend)}`;
  const given = await confirm({
    title: "Change the weight?",
    confirm: "Set weight",
    body: <p><b>{where}</b> has weight {backend.weightOverride ?? backend.weight}; its configuration says {backend.weight}. With 0 it gets no new sessions.</p>,
    figure: { label: `Weight (0…${count(MOST_WEIGHT)})`, value: backend.weightOverride ?? backend.weight, least: 0, most: MOST_WEIGHT },
  });
  if (given === null) return;
  await doing(`${where} has weight ${given}`, `${where} keeps its weight`, () => api.weight(backend, given));
}

/** Lifts the weight that an operator gave. */
export async function liftWeight(backend: Backend): Promise<void> {
  const where = `${backend.address} of ${serviceName(backend)}`;
  const answer = await confirm({
    title: "Lift the weight?",
    confirm: "Lift",
    body: <p><b>{where}</b> goes back from {backend.weightOverride} to {backend.weight}, as its configuration says.</p>,
  });
  if (answer === null) return;
  await doing(`${where} has the weight of its configuration`, `${where} keeps its weight`, () => api.weight(backend, null));
}

const one = (of: Conversations): string => (of === "flows" ? "flow" : "session");

/** Ends a session or flow. */
export async function kill(of: Conversations, session: Session): Promise<boolean> {
  const answer = await confirm({
    title: `Kill this ${one(of)}?`,
    confirm: "Kill",
    danger: true,
    body: <p>{one(of) === "flow" ? "Flow" : "Session"} {session.id} of <b>{session.client}</b> to {serviceName(session)} ends at once.</p>,
  });
  return answer !== null && doing(`${one(of)} ${session.id} is ended`, `${one(of)} ${session.id} goes on`, () => api.kill(of, session.id));
}

/** Ends those that fit. */
export async function killAll(of: Conversations, filter: SessionFilter, total: number): Promise<boolean> {
  const parts = Object.entries(filter).filter(([, value]) => value !== "");
  const answer = await confirm({
    title: `Kill ${count(total)} ${of}?`,
    confirm: `Kill ${count(total)}`,
    danger: true,
    body: <><p>Every one that fits ends at once, also those that begin meanwhile:</p><ul>{parts.map(([name, value]) => <li key={name}>{name} <b>{value}</b></li>)}</ul></>,
  });
  if (answer === null) return false;
  try {
    const { killed } = await api.killAll(of, filter);
    tell(`${count(killed)} ${of} are ended`);
    return true;
  } catch (error) {
    tellProblem(`No ${of} were ended`, error);
    return false;
  }
}

/** Loads the configuration again. */
export async function reload(): Promise<void> {
  const answer = await confirm({
    title: "Reload the configuration?",
    confirm: "Reload",
    body: <p>It is read and checked again. With errors nothing changes; without, only what is other than before does.</p>,
  });
  if (answer === null) return;
  try {
    const { revision, changed, warnings } = await api.reload();
    tell(`Revision ${revision} is in force; ${count(changed)} service ports changed`, warnings);
  } catch (error) {
    tellProblem("The configuration is as it was", error);
  }
}

async function doing(done: string, undone: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    tell(done);
    return true;
  } catch (error) {
    tellProblem(undone, error);
    return false;
  }
}
