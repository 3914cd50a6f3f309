import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** What somebody is asked before something is changed. */
export interface Question {
  title: string;
  body: ComponentChildren;
  /** The word on the button that does it. */
  confirm: string;
  danger?: boolean;
  /** A figure to be given with it. */
  figure?: { label: string; value: number; least: number; most: number };
}

type Asked = Question & { answer: (given: number | null) => void };

let show: (asked: Asked) => void = () => undefined;

/** Asks; null when it was called off, else the figure (0 without one). */
export const confirm = (question: Question): Promise<number | null> =>
  new Promise((answer) => show({ ...question, answer }));

/** Where questions are shown. The browser keeps the focus inside, closes by Escape, and gives the focus back. */
export function DialogHost() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const figure = useRef<HTMLInputElement>(null);
  useEffect(() => {
    show = setAsked;
  }, []);
  // Before anything else can get the focus: it goes back to who had it when the dialog opened.
  useLayoutEffect(() => {
    if (asked !== null) dialog.current?.showModal();
  }, [asked]);
  const end = (given: number | null): void => {
    dialog.current?.close();
    asked?.answer(given);
    setAsked(null);
  };
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onCancel={(e) => { e.preventDefault(); end(null); }}>
      {asked !== null && (
        <form onSubmit={(e) => { e.preventDefault(); end(asked.figure ? figure.current!.valueAsNumber : 0); }}>
          <h2 id="dialog-title">{asked.title}</h2>
          <div class="dialog-body">{asked.body}</div>
          {asked.figure && (
            <label class="field">
              {asked.figure.label}
              <input
                ref={figure} type="number" required step={1} min={asked.figure.least} max={asked.figure.most}
                defaultValue={`${asked.figure.value}`}
              />
            </label>
          )}
          <div class="dialog-buttons">
            <button type="button" onClick={() => end(null)}>Cancel</button>
            <button type="submit" class={asked.danger ? "danger" : "primary"}>{asked.confirm}</button>
          </div>
        </form>
      )}
    </dialog>
  );
}
