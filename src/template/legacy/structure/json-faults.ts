import type { JsonNode } from "../../../hcl/json/json-tree.ts";
import { readJson } from "../../../hcl/json/read-json.ts";
import { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { lineMap } from "../../../hcl/source/line-map.ts";
import type { Source } from "../../../hcl/source/source.ts";

/** Reads JSON as Packer's old formats have it: every fault says where it is, and a name may stand only once in an object. */
export function readStrictJson(source: Source, diagnostics: Diagnostics): JsonNode | undefined {
  const found = new Diagnostics();
  const node = readJson(source, found);
  for (const { summary, detail, subject, ...rest } of found.all) {
    const place = subject && lineMap(source).position(subject.start);
    // Packer counts the offset from 1.
    const at = place ? `At line ${place.line}, column ${place.column} (offset ${place.byte + 1}): ` : "";
    diagnostics.error({ ...rest, summary: `Error parsing JSON: ${summary}`, detail: `${at}${detail}`, subject });
  }
  if (found.hasErrors) return undefined;
  reportDuplicates(node, diagnostics);
  return node;
}

function reportDuplicates(node: JsonNode, diagnostics: Diagnostics): void {
  if (node.kind === "array") for (const item of node.items) reportDuplicates(item, diagnostics);
  if (node.kind !== "object") return;
  const seen = new Map<string, number>();
  for (const { name, value } of node.members) {
    const earlier = seen.get(name.text);
    if (earlier !== undefined) {
      diagnostics.error({
        code: "json-duplicate-property",
        summary: `template has duplicate field: ${name.text}`,
        detail: `This object has a "${name.text}" on line ${earlier} already. Only one of them could count.`,
        subject: name.range,
        context: node.range,
      });
    } else seen.set(name.text, lineMap(name.range.source).position(name.range.start).line);
    reportDuplicates(value, diagnostics);
  }
}
