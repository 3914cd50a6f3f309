import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { NOTHING } from "../format";

/** A line of a chart. */
export interface Line {
  label: string;
  values: (number | null)[];
}

interface ChartProps {
  title: string;
  /** Seconds since 1970 of each value. */
  times: number[];
  lines: Line[];
  format: (value: number | null) => string;
  /** Whether its unit is bytes, whose round numbers are others. */
  binary?: boolean;
}

const HEIGHT = 132;
const LEAST_SECONDS = 60;
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** The last minutes as lines, with what is now in words above them. The lines themselves are for who sees them. */
export function Chart({ title, times, lines, format, binary = false }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const host = frame.current!;
    plot.current = new uPlot(options(host, lines, format, binary), dataOf(times, lines), host);
    const sized = new ResizeObserver(() => plot.current?.setSize({ width: host.clientWidth, height: HEIGHT }));
    sized.observe(host);
    const recolour = (): void => plot.current?.redraw(false);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    addEventListener("themechange", recolour);
    dark.addEventListener("change", recolour);
    return () => {
      removeEventListener("themechange", recolour);
      dark.removeEventListener("change", recolour);
      sized.disconnect();
      plot.current?.destroy();
    };
  }, [title, lines.length]);
  useEffect(() => plot.current?.setData(dataOf(times, lines)));
  return (
    <figure class="panel chart">
      <figcaption>
        <h3>{title}</h3>
        <dl>
          {lines.map((line, i) => (
            <div key={line.label}>
              <dt><span class={`swatch line-${i}`} aria-hidden="true" />{line.label}</dt>
              <dd>{line.values.length > 0 ? format(line.values.at(-1) ?? null) : NOTHING}</dd>
            </div>
          ))}
        </dl>
      </figcaption>
      <div class="plot" ref={frame} aria-hidden="true" />
    </figure>
  );
}

const dataOf = (times: number[], lines: Line[]): uPlot.AlignedData => [times, ...lines.map((line) => line.values)];

/** A colour of the style sheet, as it is in the theme of now. */
function colour(host: HTMLElement, name: string): string {
  const probe = host.appendChild(document.createElement("i"));
  probe.className = name;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** The time that is shown: all that is known, or the last minute where that is less. */
function span(least: number | null, most: number | null): [number, number] {
  const end = most ?? Date.now() / 1000;
  return [Math.min(least ?? end, end - LEAST_SECONDS), end];
}

/** What would be the same label again is left out. */
const once = (labels: string[]): string[] => labels.map((label, i) => (label === labels[i - 1] ? "" : label));

function options(host: HTMLElement, lines: Line[], format: ChartProps["format"], binary: boolean): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => colour(host, "axis"),
    grid: { stroke: () => colour(host, "grid"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
  };
  return {
    width: Math.max(host.clientWidth, 100),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: true, range: (_, least, most) => span(least, most) },
      // A line at nothing lies on the ground, and not in the middle.
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] },
    },
    axes: [
      { ...axis, size: 24, space: 70, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })), incrs: [60, 120, 300, 600] },
      { ...axis, size: 68, space: 28, values: (_, ticks) => once(ticks.map((tick) => format(tick))), ...(binary ? { incrs: POWERS_OF_TWO } : {}) },
    ],
    series: [
      {},
      ...lines.map((_, i): uPlot.Series => ({
        stroke: () => colour(host, `line-${i}`),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}
