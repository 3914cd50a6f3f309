import type { ComponentChildren } from "preact";
import { useRefusal } from "../access";

interface ActionProps {
  /** What it does to what, for who hears the button without its row. */
  label: string;
  danger?: boolean;
  run: () => void;
  children: ComponentChildren;
}

/** A button that changes something; with a token for looking it is there and says why it does nothing. */
export function Action({ label, danger = false, run, children }: ActionProps) {
  const refusal = useRefusal();
  return (
    <button
      type="button" class={danger ? "danger-quiet" : ""} aria-label={label} onClick={run} disabled={refusal !== null}
      {...(refusal === null ? {} : { title: refusal, "aria-describedby": "looking-only" })}
    >
      {children}
    </button>
  );
}
