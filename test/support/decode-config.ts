import { Diagnostics } from "../../src/hcl/source/diagnostic.ts";
import { rangeOf } from "../../src/hcl/source/source.ts";
import type { Value } from "../../src/hcl/values/value.ts";
import { boolValue, NULL, numberValue, objectValue, stringValue, tupleValue } from "../../src/hcl/values/value.ts";
import type { Component } from "../../src/sdk/component.ts";
import type { Host } from "../../src/sdk/host.ts";
import { decodeValue } from "../../src/spec/decode.ts";
import { problemsFor } from "../../src/spec/problems.ts";

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Decodes options as a template would give them, and checks them. `faults`: "error: Summary" and "warning: Summary". */
export async function decodeConfig(
  component: Component,
  options: Readonly<Record<string, Plain>>,
  host: Host,
): Promise<{ config: never; faults: string[] }> {
  const diagnostics = new Diagnostics();
  const source = { name: "test.pkr.hcl", text: "x" };
  const range = rangeOf(source, 0, 1);
  const context = {
    scope: { variables: new Map(), functions: new Map() },
    interpolate: (text: string) => ({ text }),
    secret: () => {},
  };
  const decoded = decodeValue(asValue(options), component.fields, context, diagnostics, { range });
  await component.check?.(decoded.config, problemsFor(decoded, diagnostics, range), host);
  return {
    // A component's `run` takes what its own fields decode to; which those are is not known here.
    config: decoded.config as never,
    faults: diagnostics.all.map(({ severity, summary }) => `${severity}: ${summary}`),
  };
}

function asValue(plain: Plain): Value {
  if (plain === null) return NULL;
  if (typeof plain === "string") return stringValue(plain);
  if (typeof plain === "number") return numberValue(plain);
  if (typeof plain === "boolean") return boolValue(plain);
  if (isList(plain)) return tupleValue(plain.map(asValue));
  return objectValue(Object.entries(plain).map(([key, item]) => [key, asValue(item)] as const));
}

function isList(plain: object): plain is readonly Plain[] {
  return Array.isArray(plain);
}
