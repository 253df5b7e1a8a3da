import { describe, expect, test } from "vitest";
import { formatGoDuration, parseGoDuration } from "./duration.ts";

describe("a duration is read as Go reads it", () => {
  test.each([
    ["1h5m3.5s", 3_903_500],
    ["-1.5h", -5_400_000],
    ["+5s", 5_000],
    [".5s", 500],
    ["1.s", 1_000],
    ["1\u00b5s", 0.001],
    ["1\u03bcs", 0.001],
    ["0", 0],
    ["1h-5m", 'time: unknown unit "h-" in duration "1h-5m"'],
    ["5", 'time: missing unit in duration "5"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    ["1h x", 'time: unknown unit "h x" in duration "1h x"'],
    ["", 'time: invalid duration ""'],
    [".s", 'time: invalid duration ".s"'],
    ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
  ])("%s", (text, expected) => {
    expect(parseGoDuration(text)).toEqual(
      typeof expected === "number" ? { milliseconds: expected } : { problem: expected },
    );
  });
});

test.each([
  [0, "0s"],
  [300_000, "5m0s"],
  [3_903_500, "1h5m3.5s"],
  [100, "100ms"],
  [1.5, "1.5ms"],
  [0.0015, "1.5µs"],
  [0.000001, "1ns"],
  [-90_000, "-1m30s"],
])("%d milliseconds print as Go prints them", (milliseconds, text) => {
  expect(formatGoDuration(milliseconds)).toBe(text);
});
