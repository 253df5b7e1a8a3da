import { expect, test } from "vitest";
import { formatPair, problemOfPairFormat } from "./format-pair.ts";

test.each([
  ["%s='%s' ", "K='v' "],
  ["%[2]s<-%[1]s 100%%", "v<-K 100%"],
  ["%v:%s", "K:v"],
])("%s takes name and value in their places", (format, expected) => {
  expect(problemOfPairFormat(format)).toBeUndefined();
  expect(formatPair(format, "K", "v")).toBe(expected);
});

test("what stands in the value is not a format", () => {
  expect(formatPair("%s=%s", "K", "50%s %% $& $1")).toBe("K=50%s %% $& $1");
});

test.each(["", "%s", "%s %d", "%s %s %s", "%[1]s", "%"])("%j is not such a format", (format) => {
  expect(problemOfPairFormat(format)).toBeDefined();
});
