import { expect, test } from "vitest";
import { durationInWords, shortDuration } from "./duration.ts";

test.each([
  [0, "0 microseconds"],
  [0.5, "500 microseconds"],
  [1, "1 millisecond"],
  [17.127, "17 milliseconds 127 microseconds"],
  [1820, "1 second 820 milliseconds"],
  [60_000, "1 minute"],
  [3_661_000, "1 hour 1 minute"],
  [8 * 86_400_000, "1 week 1 day"],
])("%d ms are %s", (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

test.each([
  [0, "0.0s"],
  [12_345, "12.3s"],
  [99_960, "1m40s"],
  [245_000, "4m05s"],
  [3_720_000, "1h02m"],
])("%d ms are short %s", (milliseconds, text) => {
  expect(shortDuration(milliseconds)).toBe(text);
});
