import { expect, test } from "vitest";
import { Diagnostics } from "../hcl/source/diagnostic.ts";
import type { Range } from "../hcl/source/source.ts";
import { problemsFor } from "./problems.ts";

const source = { name: "x", text: "0123456789" };
const at = (start: number): Range => ({ source, start, end: start + 1 });
const written = new Map([
  ["scripts", at(1)],
  ["scripts[0]", at(2)],
  ["login", at(3)],
  ["login.username", at(4)],
]);

test.each([
  ["scripts[0]", 2],
  ["scripts[5]", 1],
  ["login.username", 4],
  ["login.password", 3],
  ["login.deep[0].er", 3],
  ["image", 0],
  ["weird]", 0],
  [undefined, 0],
])("a problem with %s points at the nearest thing that was written", (field, start) => {
  const diagnostics = new Diagnostics();
  problemsFor({ written }, diagnostics, at(0)).error(field, "Wrong", "Do better.");
  expect(diagnostics.all).toEqual([
    { severity: "error", code: "configuration-invalid", summary: "Wrong", detail: "Do better.", subject: at(start) },
  ]);
});

test("warnings stay warnings, and only what was written is there", () => {
  const diagnostics = new Diagnostics();
  const problems = problemsFor({ written }, diagnostics, undefined);
  problems.warning(undefined, "Odd");
  expect(diagnostics.hasErrors).toBe(false);
  expect([problems.has("scripts"), problems.has("image")]).toEqual([true, false]);
});
