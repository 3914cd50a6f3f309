import { clock, duration, moment } from "../format";
import type { Period } from "../live/periods";
import { Mark } from "./mark";

const SHOWN = 20;

/** Health over time as a strip, and the same in words. */
export function Periods({ periods, now }: { periods: readonly Period[]; now: number }) {
  const first = periods[0]!.from;
  const span = Math.max(now - first, 1);
  return (
    <div class="periods">
      <svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
        {periods.map((period) => (
          <rect
            key={period.from} class={`period ${period.tone}`} y="0" height="12"
            x={(1000 * (period.from - first)) / span} width={Math.max((1000 * (period.to - period.from)) / span, 1)}
          />
        ))}
      </svg>
      <div class="period-ends figures"><span>{clock(first)}</span><span>now</span></div>
      <ol reversed>
        {periods.toReversed().slice(0, SHOWN).map((period) => (
          <li key={period.from}>
            <Mark tone={period.tone}>{period.word}</Mark>
            <span class="figures">{moment(new Date(period.from).toISOString())}</span>
            <span class="figures">for {duration(period.to - period.from)}</span>
            <span class="why">{period.why}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
