import { expect, test } from "vitest";
import { type Flags, parseFlags } from "./flags.ts";

const flags = {
  force: { kind: "boolean", doc: "" },
  color: { kind: "boolean", doc: "", default: true },
  only: { kind: "list", doc: "", value: "names" },
  var: { kind: "repeated", doc: "", value: "'key=value'" },
  "parallel-builds": { kind: "number", doc: "", value: "1" },
  "on-error": { kind: "text", doc: "", value: "mode", oneOf: ["cleanup", "abort"] },
} as const satisfies Flags;

function parsed(...argv: string[]) {
  const result = parseFlags(flags, argv);
  if ("error" in result) throw new Error(result.error);
  return result;
}

test("one dash and two dashes, a blank and an equals sign mean the same", () => {
  const { values, positional } = parsed(
    "-var",
    "a=b=c",
    "--var=d,e",
    "-only=x,y",
    "--only",
    "z",
    "--color=false",
    "t.pkr.hcl",
  );

  expect(values.var).toEqual(["a=b=c", "d,e"]);
  expect(values.only).toEqual(["x", "y", "z"]);
  expect(values.color).toBe(false);
  expect(positional).toEqual(["t.pkr.hcl"]);
});

test("flags behind the template are flags, and a double dash ends them", () => {
  expect(parsed("t.hcl", "-force").values.force).toBe(true);
  expect(parsed("--", "-force").positional).toEqual(["-force"]);
  expect(parsed("-").positional).toEqual(["-"]);
});

test("a boolean does not eat the argument behind it", () => {
  const { values, positional } = parsed("-force", "false");

  expect(values.force).toBe(true);
  expect(positional).toEqual(["false"]);
});

test.each([
  [["-nope"], "flag provided but not defined: -nope"],
  [["-var"], "flag needs an argument: -var"],
  [["-color=maybe"], 'invalid boolean value "maybe" for -color: parse error'],
  [["-parallel-builds", "two"], 'invalid value "two" for flag -parallel-builds: parse error'],
  [["-on-error", "panic"], 'invalid value "panic" for flag -on-error: expected one of ["cleanup" "abort"]'],
  [["---x"], "bad flag syntax: ---x"],
  [["-=x"], "bad flag syntax: -=x"],
  [["-constructor"], "flag provided but not defined: -constructor"],
])("%j is refused with Go's words", (argv, error) => {
  expect(parseFlags(flags, argv)).toEqual({ error });
});
