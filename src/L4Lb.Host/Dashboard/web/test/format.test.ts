import assert from "node:assert/strict";
import { test } from "node:test";
import { byteRate, bytes, count, duration, micros, percent, rate, short, weight, words } from "../src/format";

const cases = <T>(name: string, format: (value: T) => string, expected: [T, string][]): void => {
  for (const [value, text] of expected) test(`${name} of ${value} is ${text}`, () => assert.equal(format(value), text));
};

cases("count", count, [[0, "0"], [1234567, "1,234,567"]]);
cases("short", short, [[null, "–"], [0, "0"], [999, "999"], [1000, "1.00 k"], [12_345, "12.3 k"], [999_499, "999 k"], [999_500, "1.00 M"], [3.14159, "3.14"]]);
cases("bytes", bytes, [[0, "0 B"], [1023, "1.00 KiB"], [1024, "1.00 KiB"], [1536, "1.50 KiB"], [1.5 * 2 ** 20, "1.50 MiB"], [2 ** 40, "1.00 TiB"]]);
cases("rate", rate, [[0, "0/s"], [0.44, "0.40/s"], [99.6, "100/s"], [50_000, "50.0 k/s"]]);
cases("byteRate", byteRate, [[0, "0 B/s"], [123.4, "123 B/s"], [10 * 2 ** 20, "10.0 MiB/s"]]);
cases("micros", micros, [[null, "–"], [12, "12 µs"], [999.6, "1.00 ms"], [1234, "1.23 ms"], [2_500_000, "2.50 s"]]);
cases("duration", duration, [[12, "12 ms"], [4200, "4.20 s"], [59_999, "59 s"], [60_000, "1 min"], [200_000, "3 min 20 s"], [7_500_000, "2 h 5 min"], [273_600_000, "3 d 4 h"]]);
cases("percent", percent, [[null, "–"], [0, "0 %"], [0.1234, "12.3 %"], [1, "100 %"], [Number.NaN, "–"]]);
cases("weight", weight, [[3, "3"], [0.5, "0.50"]]);
cases("words", words, [["connectRefused", "connect refused"], ["completed", "completed"]]);
