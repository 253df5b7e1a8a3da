import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { BodySchema } from "../../hcl/syntax/body.ts";
import { isUnknown } from "../../hcl/values/value.ts";
import type { Host } from "../../sdk/host.ts";
import { FAULTY_VALUE } from "../evaluation/faulty.ts";
import { readSource } from "../files/find-template-files.ts";
import { parseSource } from "../files/parse-source.ts";
import type { Assignment } from "./collect-values.ts";

const DECLARATIONS: BodySchema = { attributes: [], blocks: [{ type: "variable", labelNames: ["name"] }] };

/** The values that a variable file sets. They are constants: neither variables nor functions. */
export async function readVariableFile(path: string, host: Host, diagnostics: Diagnostics): Promise<Assignment[]> {
  const syntax = path.endsWith(".hcl") ? "native" : path.endsWith(".json") ? "json" : undefined;
  if (!syntax) {
    diagnostics.error({
      code: "unknown-variable-file-format",
      summary: `Could not guess format of ${path}`,
      detail: "The name of a variable file ends with .hcl or .json: that tells how it is written.",
    });
    return [];
  }
  const source = await readSource(host, path, "variable file", diagnostics);
  if (!source) return [];
  const body = await parseSource(source, syntax, diagnostics);
  const { content, rest } = body.partialContent(DECLARATIONS, diagnostics);
  for (const block of content.blocks) {
    diagnostics.error({
      code: "declaration-in-variable-file",
      summary: "Variable declaration in a .pkrvar file",
      detail: `A variable file only gives values. Declare the variable "${block.labels[0]?.text ?? ""}" in a template file (.pkr.hcl), and set it here with name = value.`,
      subject: block.header,
    });
  }
  return [...rest.attributes(diagnostics).values()].map((attribute) => {
    const before = diagnostics.all.length;
    const value = evaluate(attribute.expression, undefined, diagnostics);
    return {
      name: attribute.name,
      value: diagnostics.all.length > before || isUnknown(value) ? FAULTY_VALUE : value,
      origin: "varfile",
      place: attribute.expression.range,
      nameRange: attribute.nameRange,
    };
  });
}
