import { expect, test } from "vitest";
import { type Fate, fateOfInput, type KeepQuestion } from "./keep-rules.ts";

// Written out by hand, not worked out: input, result, component | what the template says: nothing, true, false.
const TABLE: readonly [KeepQuestion["input"], KeepQuestion["result"], KeepQuestion["component"], Fate, Fate, Fate][] = [
  ["built", "new", "discard", "destroy-at-end", "keep", "destroy-at-end"],
  ["built", "new", "keep", "keep", "keep", "destroy-at-end"],
  ["built", "new", "must", "keep", "keep", "keep"],
  ["built", "same", "discard", "pass-on", "keep", "pass-on"],
  ["built", "same", "keep", "pass-on", "keep", "pass-on"],
  ["built", "same", "must", "pass-on", "keep", "pass-on"],
  ["built", "none", "discard", "destroy-at-end", "keep", "destroy-at-end"],
  ["built", "none", "keep", "keep", "keep", "destroy-at-end"],
  ["built", "none", "must", "keep", "keep", "keep"],
  ["between", "new", "discard", "destroy-now", "keep", "destroy-now"],
  ["between", "new", "keep", "keep", "keep", "destroy-now"],
  ["between", "new", "must", "keep", "keep", "keep"],
  ["between", "same", "discard", "pass-on", "keep", "pass-on"],
  ["between", "same", "keep", "pass-on", "keep", "pass-on"],
  ["between", "same", "must", "pass-on", "keep", "pass-on"],
  ["between", "none", "discard", "destroy-now", "keep", "destroy-now"],
  ["between", "none", "keep", "keep", "keep", "destroy-now"],
  ["between", "none", "must", "keep", "keep", "keep"],
];

test.each(TABLE)(
  "an input that was %s, with a %s result of a component that says %s",
  (input, result, component, ...fates) => {
    const asked = [undefined, true, false].map((template) => fateOfInput({ input, result, component, template }));
    expect(asked).toEqual(fates);
  },
);

test("the table above leaves nothing out", () => {
  expect(new Set(TABLE.map((row) => row.slice(0, 3).join())).size).toBe(2 * 3 * 3);
});
