import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutDiff } from "./layout-diff.ts";

const lines = (count: number, change: (line: number) => string) =>
  Array.from({ length: count }, (_, index) => `${change(index + 1)}\n`).join("");

test("changes close to each other share a hunk with three lines around, far ones do not", () => {
  const before = lines(30, (line) => `l${line}`);
  const after = lines(30, (line) => ([1, 6, 20].includes(line) ? `l ${line}` : `l${line}`));

  expect(layoutDiff("a.pkr.hcl", before, after, false).split("\n")).toEqual([
    ...["--- old/a.pkr.hcl", "+++ new/a.pkr.hcl"],
    ...["@@ -1,9 +1,9 @@", "-l1", "+l 1", " l2", " l3", " l4", " l5", "-l6", "+l 6", " l7", " l8", " l9"],
    ...["@@ -17,7 +17,7 @@", " l17", " l18", " l19", "-l20", "+l 20", " l21", " l22", " l23"],
  ]);
});

test("a last line without an end is marked as such", () => {
  expect(layoutDiff("a", "a=1", "a = 1", false)).toBe(
    "--- old/a\n+++ new/a\n@@ -1 +1 @@\n-a=1\n\\ No newline at end of file\n+a = 1\n\\ No newline at end of file",
  );
});

test("colours mark what goes and what comes", () => {
  const diff = layoutDiff("a", "a=1\n", "a = 1\n", true);

  expect(diff).toContain("\u001b[31m-a=1\u001b[0m");
  expect(diff).toContain("\u001b[32m+a = 1\u001b[0m");
});

test("applying the diff to the text gives its layout, whichever lines change", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (changes) => {
      const before = changes.map((_, index) => `line ${index}\n`).join("");
      const after = changes.map((changed, index) => `${changed ? "\t" : ""}line ${index}\n`).join("");
      expect(applied(before, layoutDiff("a", before, after, false))).toBe(after);
    }),
  );
});

/** What `patch` does. */
function applied(text: string, diff: string): string {
  const old = text.split("\n").slice(0, -1);
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(2)) {
    const start = /^@@ -(\d+)/.exec(line)?.[1];
    if (start !== undefined) {
      const first = Number(start) - 1;
      result.push(...old.slice(at, first));
      at = first;
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else if (line !== "") {
      if (old[at] !== line.slice(1)) throw new Error(`does not apply: ${line}`);
      if (line.startsWith(" ")) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...old.slice(at)].map((line) => `${line}\n`).join("");
}
