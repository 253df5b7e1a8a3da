import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Block, BodySchema } from "../../hcl/syntax/body.ts";
import type { Expression } from "../../hcl/syntax/tree.ts";
import { readBoolean } from "./constant.ts";
import { checkName } from "./names.ts";
import { placeText } from "./place-text.ts";

export interface LocalDeclaration {
  readonly name: string;
  readonly nameRange: Range;
  readonly header: Range;
  /** Absent where the block has none: reported. */
  readonly expression: Expression | undefined;
  readonly sensitive: boolean;
}

const LOCAL_SCHEMA: BodySchema = {
  attributes: [{ name: "expression", required: true }, { name: "sensitive" }],
  blocks: [],
};

/** Reads all `local` and `locals` blocks, in the order of the text. */
export function readLocals(blocks: readonly Block[], diagnostics: Diagnostics): Map<string, LocalDeclaration> {
  const locals = new Map<string, LocalDeclaration>();
  for (const local of blocks.flatMap((block) => declarationsIn(block, diagnostics))) {
    if (!checkName({ text: local.name, range: local.nameRange }, "local", diagnostics)) continue;
    const earlier = locals.get(local.name);
    if (earlier) {
      diagnostics.error({
        code: "duplicate-local",
        summary: "Duplicate local definition",
        detail: `The local "${local.name}" is already defined ${placeText(earlier.header)}.`,
        subject: local.header,
      });
    } else locals.set(local.name, local);
  }
  return locals;
}

function declarationsIn(block: Block, diagnostics: Diagnostics): LocalDeclaration[] {
  if (block.type === "locals") {
    return [...block.body.attributes(diagnostics).values()].map((attribute) => ({
      name: attribute.name,
      nameRange: attribute.nameRange,
      header: attribute.range,
      expression: attribute.expression,
      sensitive: false,
    }));
  }
  const [name] = block.labels;
  if (block.type !== "local" || !name) return [];
  const content = block.body.content(LOCAL_SCHEMA, diagnostics);
  return [
    {
      name: name.text,
      nameRange: name.range,
      header: block.header,
      expression: content.attributes.get("expression")?.expression,
      sensitive: readBoolean(content.attributes.get("sensitive"), undefined, diagnostics) ?? false,
    },
  ];
}
