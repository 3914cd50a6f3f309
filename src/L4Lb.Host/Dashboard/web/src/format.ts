// Figures as people read them: a number, a thin step to its unit, and a dash for what is not known.

export const NOTHING = "–";

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Three digits that tell: 9.42, 94.2, 942. */
function digits(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let size = value;
  // From 999.5 on it would be shown as a thousand.
  while (Math.abs(size) >= Math.min(step, 999.5) && unit < units.length - 1) {
    size /= step;
    unit++;
  }
  const text = unit === 0 && Number.isInteger(size) ? `${size}` : digits(size);
  return units[unit] === "" ? text : `${text} ${units[unit]}`;
}

/** A number of things in full: 12,345. */
export const count = (value: number): string => COUNT.format(value);

/** A number of things in short: 12.3 k. */
export const short = (value: number | null): string => (value === null ? NOTHING : scaled(value, 1000, ["", "k", "M", "G", "T"]));

/** Bytes: 1.50 MiB. */
export const bytes = (value: number | null): string =>
  value === null ? NOTHING : scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);

/** Things in a second: 1.20 k/s. */
export const rate = (value: number | null): string => (value === null ? NOTHING : `${short(round(value))}/s`);

/** Bytes in a second: 1.50 MiB/s. */
export const byteRate = (value: number | null): string => (value === null ? NOTHING : `${bytes(Math.round(value))}/s`);

/** A time that something took, from microseconds: 850 µs, 1.20 ms, 3.40 s. */
export const micros = (value: number | null): string => {
  if (value === null) return NOTHING;
  if (value < 999.5) return `${Math.round(value)} µs`;
  return value < 999_500 ? `${digits(value / 1000)} ms` : duration(value / 1000);
};

/** A time from milliseconds, in its two largest units: 4.20 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${digits(ms / 1000)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return s > 0 ? `${m} min ${s} s` : `${m} min`;
}

/** A share of one: 12.5 %. */
export const percent = (share: number | null): string => {
  if (share === null || !Number.isFinite(share)) return NOTHING;
  const value = share * 100;
  if (value > 0 && value < 0.05) return "<0.1 %";
  return `${value === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} %`;
};

/** A moment on the clock of who looks. */
export const clock = (time: string | number): string =>
  new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Day and moment, on the clock of who looks. */
export const moment = (time: string): string => {
  const date = new Date(time);
  const pad = (value: number): string => `${value}`.padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(time)}`;
};

/** How long ago. */
export const ago = (time: string | null, now: number): string =>
  time === null ? NOTHING : `${duration(Math.max(now - Date.parse(time), 0))} ago`;

/** So many of something. */
export const many = (value: number, one: string, more = `${one}s`): string => `${count(value)} ${value === 1 ? one : more}`;

/** A version with as much of its commit as tells it from others. */
export const version = (text: string): string => text.replace(/\+([0-9a-f]{7})[0-9a-f]+$/, "+$1");

/** A weight: whole, or with the part that slow start leaves. */
export const weight = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(2));

/** camelCase in words: connectRefused → connect refused. */
export const words = (name: string): string => name.replace(/([A-Z])/g, " $1").toLowerCase();

function round(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}
