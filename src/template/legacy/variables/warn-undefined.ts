import type { JsonNode, JsonObject } from "../../../hcl/json/json-tree.ts";
import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { nearestName } from "../../../hcl/source/nearest-name.ts";
import { namesUsedIn } from "./resolve-variables.ts";

/** Warns of `{{user …}}` with a name that no variable has: outside of variables it is empty, as in Packer. */
export function warnUndefined(root: JsonObject, known: ReadonlySet<string>, diagnostics: Diagnostics): void {
  for (const { name, value } of root.members) {
    if (name.text.toLowerCase() !== "variables" && !name.text.startsWith("_")) visit(value, known, diagnostics);
  }
}

function visit(node: JsonNode, known: ReadonlySet<string>, diagnostics: Diagnostics): void {
  if (node.kind === "array") for (const item of node.items) visit(item, known, diagnostics);
  if (node.kind === "object") {
    for (const { name, value } of node.members) {
      visit(name, known, diagnostics);
      visit(value, known, diagnostics);
    }
  }
  if (node.kind !== "string" || !node.text.includes("{{")) return;
  for (const used of new Set(namesUsedIn(node.text))) {
    if (known.has(used)) continue;
    const near = nearestName(used, known);
    diagnostics.warning({
      code: "undefined-user-variable",
      summary: `Undefined user variable "${used}"`,
      detail: `No variable has this name, so {{user \`${used}\`}} is an empty text. ${near === undefined ? `Declare it in "variables", or give it with -var '${used}=…'.` : `Did you mean "${near}"?`}`,
      subject: node.range,
    });
  }
}
