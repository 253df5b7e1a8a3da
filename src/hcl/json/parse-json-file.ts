import type { Diagnostics } from "../source/diagnostic.ts";
import { rangeOf, type Source } from "../source/source.ts";
import type { Body } from "../syntax/body.ts";
import { jsonBody } from "./json-body.ts";
import { readJson } from "./read-json.ts";

/** Reads a file of HCL's JSON profile: `*.pkr.json`, `*.pkrvars.json`. */
export function parseJsonFile(source: Source, diagnostics: Diagnostics): Body {
  const node = readJson(source, diagnostics);
  if (node.kind === "object" || node.kind === "array") return jsonBody(node);
  if (node.kind !== "fault") {
    diagnostics.error({
      code: "json-root",
      summary: "Root value must be object",
      detail: "A configuration in JSON is an object, or an array of objects.",
      subject: node.range,
    });
  }
  return jsonBody({ kind: "object", members: [], range: rangeOf(source, 0, 0) });
}
