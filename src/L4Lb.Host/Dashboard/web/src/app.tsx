import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { AccessContext } from "./access";
import { api } from "./api/client";
import { inWords, Problem } from "./api/problem";
import { token } from "./api/token";
import type { Access } from "./api/types";
import { useLive, useRoute } from "./hooks";
import { Live } from "./live/live";
import type { State } from "./live/state";
import { Addresses } from "./pages/addresses";
import { Affinity } from "./pages/affinity";
import { BackendPage } from "./pages/backend";
import { Backends } from "./pages/backends";
import { Events } from "./pages/events";
import { Overview } from "./pages/overview";
import { ServicePage } from "./pages/service";
import { Services } from "./pages/services";
import { Sessions } from "./pages/sessions";
import { SignIn } from "./pages/signin";
import { link, type Route } from "./routes";
import { Banner } from "./ui/banner";
import { DialogHost } from "./ui/dialog";
import { Gone } from "./ui/gone";
import { Loading } from "./ui/parts";
import { Shell } from "./ui/shell";
import { ToastHost } from "./ui/toast";

const AGAIN = 2000;

/** Finds out what who looks may do, asks for a token where one is needed, and shows the rest. */
export function App() {
  const [access, setAccess] = useState<Access | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (access !== null || refusal !== null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    api.access().then(setAccess, (error: unknown) => {
      if (error instanceof Problem && error.status === 401) {
        setRefusal(token.get() === null ? "" : "This token is not known here.");
        token.forget();
      } else {
        setFailure(inWords(error));
        timer = setTimeout(() => setTurn(turn + 1), AGAIN);
      }
    });
    return () => clearTimeout(timer);
  }, [access, refusal, turn]);
  if (refusal !== null) {
    return <SignIn why={refusal} done={(found) => { setRefusal(null); setAccess(found); }} />;
  }
  if (access === null) {
    return <main class="sign-in">{failure === null ? <Loading what="L4Lb" /> : <p class="failure" role="alert">L4Lb: {failure}</p>}</main>;
  }
  const leave = (why: string): void => {
    token.forget();
    setAccess(null);
    setRefusal(why);
  };
  return (
    <AccessContext.Provider value={access}>
      <Dashboard leave={leave} hasToken={access.token} />
      <DialogHost />
      <ToastHost />
    </AccessContext.Provider>
  );
}

function Dashboard({ leave, hasToken }: { leave: (why: string) => void; hasToken: boolean }) {
  const live = useMemo(() => new Live(), []);
  useLive(live);
  useEffect(() => {
    void live.connection.run();
    return () => live.connection.stop();
  }, [live]);
  const route = useRoute();
  const { state, connection } = live;
  useTitle(route);
  useEffect(() => {
    if (connection.link.state === "refused") leave(connection.link.problem.message);
  }, [connection.link.state]);
  const now = useSeconds(connection.link.state === "waiting");
  return (
    <Shell
      page={route.path[0] ?? ""} signOut={hasToken ? () => leave("") : null}
      banner={<Banner connection={connection} heard={state.heard} now={now} />}
    >
      {state.status === null ? <Loading what="the state of the instance" /> : <Page key={route.path.join("/")} state={state} route={route} />}
    </Shell>
  );
}

function Page({ state, route: { path, query } }: { state: State; route: Route }) {
  const [page, ...rest] = path;
  const key = `${query}`; // A link that asks for something else of the same page begins it anew.
  if (page === undefined) return <Overview state={state} />;
  if (page === "services") return rest.length > 0 ? <ServicePage state={state} path={rest} /> : <Services key={key} state={state} query={query} />;
  if (page === "backends") return rest.length > 0 ? <BackendPage state={state} path={rest} /> : <Backends key={key} state={state} query={query} />;
  if (page === "sessions" || page === "flows") return <Sessions key={key} of={page} query={query} />;
  if (page === "affinity") return <Affinity key={key} state={state} query={query} />;
  if (page === "addresses") return <Addresses />;
  if (page === "events") return <Events key={key} state={state} query={query} />;
  return <Gone title="Not here" what="page" back={link.overview()} />;
}

/** The title says where one is, and on a change of page the focus goes to its heading, as on a page that is loaded. */
function useTitle(route: Route): void {
  const path = route.path.join("/");
  const first = useRef(true);
  useEffect(() => {
    document.title = path === "" ? "L4Lb" : `${path} · L4Lb`;
    if (first.current) first.current = false;
    else document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
}

/** The time of now, each second while it is looked at. */
function useSeconds(isLooked: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isLooked) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isLooked]);
  return now;
}
