import { useEffect, useState } from "preact/hooks";
import { inWords, Problem } from "../api/problem";

interface Toast {
  id: number;
  text: string;
  details: readonly string[];
  isProblem: boolean;
}

const SHOWN_MS = 6000;

let add: (toast: Omit<Toast, "id">) => void = () => undefined;
let last = 0;

/** Says that something was done; goes by itself. */
export const tell = (text: string, details: readonly string[] = []): void => add({ text, details, isProblem: false });

/** Says why something was not done; stays until somebody has read it. */
export const tellProblem = (what: string, error: unknown): void =>
  add({ text: `${what}: ${inWords(error)}`, details: error instanceof Problem ? error.errors : [], isProblem: true });

/** Where they are shown. */
export function ToastHost() {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const drop = (id: number): void => setToasts((all) => all.filter((toast) => toast.id !== id));
  useEffect(() => {
    add = (toast) => {
      const id = ++last;
      setToasts((all) => [...all.slice(-4), { ...toast, id }]);
      if (!toast.isProblem) setTimeout(() => drop(id), SHOWN_MS);
    };
  }, []);
  const shown = (isProblem: boolean) =>
    toasts.filter((toast) => toast.isProblem === isProblem).map((toast) => (
      <div key={toast.id} class={`toast ${isProblem ? "bad" : "ok"}`}>
        <div>
          <p>{toast.text}</p>
          {toast.details.length > 0 && <ul>{toast.details.map((line) => <li key={line}>{line}</li>)}</ul>}
        </div>
        <button type="button" aria-label="Dismiss" onClick={() => drop(toast.id)}>×</button>
      </div>
    ));
  return (
    <div class="toasts">
      <div role="status">{shown(false)}</div>
      <div role="alert">{shown(true)}</div>
    </div>
  );
}
