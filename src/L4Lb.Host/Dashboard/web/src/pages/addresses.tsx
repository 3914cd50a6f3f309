import { api } from "../api/client";
import type { AnnouncedAddress, Listener, PendingService, Pool } from "../api/types";
import { ago, words } from "../format";
import { usePolled } from "../hooks";
import { link } from "../routes";
import { ListenerMark } from "../ui/health";
import { Mark, type Tone } from "../ui/mark";
import { Failure, Loading, PageHead, Panel } from "../ui/parts";
import { type Column, Table } from "../ui/table";

const EVERY = 3000;

const pending: readonly Column<PendingService>[] = [
  { id: "service", title: "Service", names: true, cell: (p) => `${p.namespace}/${p.name}`, value: (p) => `${p.namespace}/${p.name}` },
  { id: "reason", title: "Reason", cell: (p) => <Mark tone="warn">{p.reason}</Mark>, value: (p) => p.reason },
  { id: "message", title: "Why", sentence: true, cell: (p) => p.message },
];

const pools: readonly Column<Pool>[] = [
  { id: "name", title: "Pool", names: true, cell: (p) => p.name, value: (p) => p.name },
  { id: "v4", title: "IPv4 given, of", figure: true, cell: (p) => `${p.assignedIPv4} / ${p.totalIPv4}` },
  { id: "v6", title: "IPv6 given, of", figure: true, cell: (p) => `${p.assignedIPv6} / ${p.totalIPv6}` },
  { id: "problems", title: "State", cell: (p) => (p.problems.length === 0 ? <Mark tone="ok">gives out</Mark> : <Mark tone="bad">{p.problems.join("; ")}</Mark>) },
];

const TONES: Record<string, Tone> = { holding: "ok", unconfirmed: "warn", probing: "note", backingOff: "warn", leaving: "note" };

const announced: readonly Column<AnnouncedAddress>[] = [
  { id: "address", title: "Address", names: true, cell: (a) => <span class="figures">{a.address}</span>, value: (a) => a.address },
  { id: "state", title: "State here", cell: (a) => <Mark tone={TONES[a.state] ?? "off"}>{words(a.state)}</Mark>, value: (a) => a.state },
  { id: "holder", title: "Holder", cell: (a) => a.holder ?? "unknown", value: (a) => a.holder },
  { id: "since", title: "Since", cell: (a) => ago(a.since, Date.now()), value: (a) => a.since },
  { id: "reason", title: "Why", sentence: true, cell: (a) => a.reason ?? "" },
];

const order: Record<Listener["state"], number> = { failed: 0, noBackend: 1, listening: 2 };

const listeners: readonly Column<Listener>[] = [
  { id: "address", title: "Address", names: true, cell: (l) => <span class="figures">{l.address}/{l.protocol}</span>, value: (l) => l.address },
  { id: "kind", title: "Kind", cell: (l) => l.kind, value: (l) => l.kind },
  { id: "service", title: "Service", cell: (l) => <a href={link.service(l.namespace, l.service, l.port)}>{l.namespace}/{l.service}:{l.port}</a>, value: (l) => `${l.namespace}/${l.service}` },
  { id: "state", title: "State", cell: (l) => <ListenerMark listener={l} />, value: (l) => order[l.state] },
  { id: "problem", title: "Problem", sentence: true, cell: (l) => l.problem ?? "none" },
];

/** Who waits for an address and why, the pools, what is announced, and what is listened on. */
export function Addresses() {
  const pool = usePolled((signal) => api.pools(signal), EVERY, []);
  const address = usePolled((signal) => api.addresses(signal), EVERY, []);
  const listener = usePolled((signal) => api.listeners("", signal), EVERY, []);
  return (
    <>
      <PageHead
        title="Addresses"
        about={pool.data?.leader ? <>{pool.data.leader} gives them out</> : "Pools, Services that wait, what is announced and what is listened on"}
      />
      {pool.error !== null && <Failure what="The pools" error={pool.error} again={pool.again} />}
      {pool.data === null ? pool.error === null && <Loading what="pools" /> : (
        <div class="columns">
          <Panel title="Pending Services">
            <Table caption="Services that wait for an address" columns={pending} rows={pool.data.pending} keyOf={(p) => `${p.namespace}/${p.name}`} empty="No Service waits for an address." pageSize={20} />
          </Panel>
          <Panel title="Pools">
            <Table caption="Address pools" columns={pools} rows={pool.data.items} keyOf={(p) => p.name} sort={{ column: "name", descending: false }} empty="There is no address pool; objects of kind AddressPool make some." pageSize={20} />
          </Panel>
        </div>
      )}
      {address.error !== null && <Failure what="The announced addresses" error={address.error} again={address.again} />}
      {address.data !== null && (
        <Panel title="Announced">
          <Table
            caption="Addresses that this instance looks after" columns={announced} rows={address.data.items} keyOf={(a) => a.address}
            sort={{ column: "address", descending: false }} empty="This instance puts no addresses on an interface; --manage-addresses and --announce make it." pageSize={20}
          />
        </Panel>
      )}
      {listener.error !== null && <Failure what="The listeners" error={listener.error} again={listener.again} />}
      {listener.data !== null && (
        <Panel title="Listeners">
          <Table
            caption="Addresses that are listened on" columns={listeners} rows={listener.data.items} keyOf={(l) => `${l.kind} ${l.address} ${l.protocol} ${l.namespace}/${l.service}:${l.port}`}
            sort={{ column: "state", descending: false }} empty="Nothing is to be listened on."
          />
        </Panel>
      )}
    </>
  );
}
