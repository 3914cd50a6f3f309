import { api } from "../api/client";
import { backendKey } from "../api/keys";
import type { Happened } from "../api/types";
import { byteRate, bytes, count, percent, rate } from "../format";
import { usePolled } from "../hooks";
import { isAboutBackend } from "../live/about";
import { periods } from "../live/periods";
import type { State } from "../live/state";
import { link } from "../routes";
import { BackendActions, Weight, Why } from "../ui/backends";
import { EventTable } from "../ui/events";
import { BackendMark } from "../ui/health";
import { Failure, PageHead, Panel, Tile } from "../ui/parts";
import { Periods } from "../ui/periods";
import { Gone } from "../ui/gone";

const SLOW = 30_000;
const MOST = 500;

/** One backend: how it is, why, how it was, and what can be done about it. */
export function BackendPage({ state, path }: { state: State; path: readonly string[] }) {
  const [namespace = "", service = "", port = "", address = ""] = path;
  const key = backendKey({ namespace, service, port, address });
  const happened = usePolled((signal) => api.events({ about: address, limit: MOST }, signal), SLOW, [key]);
  const backend = state.backends.get(key);
  if (backend === undefined) return <Gone title={key} what="backend" back={link.backends()} />;
  const rates = state.backendRatesOf(backend);
  const events = united(happened.data?.items ?? [], state.events).filter((event) => isAboutBackend(event, backend));
  const now = Date.now();
  return (
    <>
      <PageHead
        title={address}
        about={<><BackendMark backend={backend} /> <Why backend={backend} now={now} />, of <a href={link.service(namespace, service, port)}>{namespace}/{service}:{port}</a></>}
      >
        <BackendActions backend={backend} />
      </PageHead>
      <dl class="tiles">
        <Tile name="New sessions" value={rate(rates.sessions)} more={`${count(backend.total)} ever`} />
        <Tile name="Open sessions" value={count(backend.active)} more={<a href={link.sessions({ backend: address })}>list</a>} />
        <Tile name="Traffic" value={byteRate(rates.bytes)} more={`${bytes(backend.traffic.bytesFromBackends)} sent ever`} />
        <Tile name="Connects failed" value={count(backend.connectFailures)} more={rate(rates.connectFailures)} {...(rates.connectFailures > 0 ? { tone: "bad" as const } : {})} />
        <Tile name="Checks" value={count(backend.checks)} more={`${percent(backend.checks > 0 ? backend.checksFailed / backend.checks : null)} failed`} />
        <div class="tile"><dt>Weight</dt><dd><span class="tile-value"><Weight backend={backend} /></span></dd></div>
      </dl>
      <Panel title="Health, as it was">
        <Periods periods={periods(events, backend, state.status?.started ?? "", now)} now={now} />
      </Panel>
      {happened.error !== null && <Failure what="The events" error={happened.error} again={happened.again} />}
      <Panel title="Events about it" aside={<a href={link.events({ about: address })}>all</a>}>
        <EventTable caption="Events about this backend" events={events} empty="Nothing has happened to it." pageSize={20} />
      </Panel>
    </>
  );
}

/** Older events than the page keeps, and those that were just told. */
const united = (older: readonly Happened[], newer: readonly Happened[]): Happened[] =>
  [...new Map([...older, ...newer].map((event) => [event.id, event])).values()];
