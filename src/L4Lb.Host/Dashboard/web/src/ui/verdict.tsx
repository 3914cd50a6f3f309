import { useState } from "preact/hooks";
import { count, many } from "../format";
import type { Problem, Severity } from "../live/problems";
import { link } from "../routes";
import { Mark, type Tone } from "./mark";

const SHOWN = 6;
const MOST = 200;
const TONES: Record<Severity, Tone> = { bad: "bad", warn: "warn", note: "note" };
const WORDS: Record<Severity, string> = { bad: "failing", warn: "look", note: "note" };

function sentence(problems: readonly Problem[], services: number): { tone: Tone; text: string } {
  const of = (severity: Severity): number => problems.filter((problem) => problem.severity === severity).length;
  const [bad, warn] = [of("bad"), of("warn")];
  if (bad > 0) {
    return { tone: "bad", text: `${many(bad, "thing fails", "things fail")}${warn > 0 ? `, ${many(warn, "more needs", "more need")} a look` : ""}` };
  }
  if (warn > 0) return { tone: "warn", text: `${many(warn, "thing needs", "things need")} a look` };
  if (services === 0) return { tone: "off", text: "Nothing is configured" };
  return { tone: "ok", text: `Everything works: ${many(services, "service serves", "services serve")}` };
}

/** Is anything wrong, and where: the sentence first, then what is wrong, the worst on top. */
export function Verdict({ problems, services }: { problems: readonly Problem[]; services: number }) {
  const [all, setAll] = useState(false);
  const { tone, text } = sentence(problems, services);
  return (
    <section class={`verdict ${tone}`} aria-label="What is wrong">
      <h2 role="status"><Mark tone={tone}>{text}</Mark></h2>
      {problems.length > 0 && (
        <ul>
          {(all ? problems.slice(0, MOST) : problems.slice(0, SHOWN)).map((problem) => (
            <li key={problem.key}>
              <Mark tone={TONES[problem.severity]}>{WORDS[problem.severity]}</Mark>
              <a href={problem.href}>{problem.what}</a>
              <span class="why">{problem.why}</span>
            </li>
          ))}
        </ul>
      )}
      {problems.length > SHOWN && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : problems.length > MOST ? `Show ${MOST} of ${count(problems.length)}` : `Show ${count(problems.length - SHOWN)} more`}
        </button>
      )}
      {all && problems.length > MOST && <p>And {count(problems.length - MOST)} more: <a href={link.services({ state: "trouble" })}>services in trouble</a>.</p>}
    </section>
  );
}
