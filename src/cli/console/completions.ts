import { findVariable, functionNames, type Scope, variableNames } from "../../hcl/evaluation/scope.ts";
import type { Value } from "../../hcl/values/value.ts";

/** What the console itself understands, besides expressions. */
export const CONSOLE_COMMANDS = ["help", "variables", "exit"];

/**
 * What the end of the line can go on to be, and the piece of it that those replace: `[["var.image"], "var.im"]`. The
 * shape that `node:readline` asks of a completer.
 */
export function completionsOf(line: string, scope: Scope): [candidates: string[], piece: string] {
  const piece =
    /(?:[\p{ID_Start}_][\p{ID_Continue}-]*\.)*(?:[\p{ID_Start}_][\p{ID_Continue}-]*)?$/u.exec(line)?.[0] ?? "";
  const names = piece.split(".");
  const last = names.pop() ?? "";
  const before = names.map((name) => `${name}.`).join("");
  const candidates = names.length === 0 ? rootNames(line === piece, scope) : namesWithin(names, scope);
  return [candidates.filter((name) => name.startsWith(last)).map((name) => before + name), piece];
}

function rootNames(isWholeLine: boolean, scope: Scope): string[] {
  const functions = functionNames(scope).map((name) => `${name}(`);
  return [...variableNames(scope), ...functions, ...(isWholeLine ? CONSOLE_COMMANDS : [])].sort();
}

function namesWithin([root = "", ...names]: readonly string[], scope: Scope): string[] {
  let value = findVariable(scope, root);
  for (const name of names) value = value && attributeOf(value, name);
  return value ? attributeNames(value) : [];
}

function attributeOf({ data }: Value, name: string): Value | undefined {
  return data instanceof Map ? (data as ReadonlyMap<string, Value>).get(name) : undefined;
}

/** Of what is not known yet, the type may tell. */
function attributeNames({ data, type }: Value): string[] {
  if (data instanceof Map) return [...(data as ReadonlyMap<string, Value>).keys()];
  return type.kind === "object" ? [...type.attributes.keys()] : [];
}
