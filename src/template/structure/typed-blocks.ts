import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Range } from "../../hcl/source/source.ts";
import type { Block, Body } from "../../hcl/syntax/body.ts";
import { isIdentifier } from "./names.ts";
import { placeText } from "./place-text.ts";

/** A `source` or `data` block of the root: a component's type, a name, and options. */
export interface TypedBlock {
  readonly type: string;
  readonly name: string;
  /** "type.name". */
  readonly key: string;
  readonly body: Body;
  readonly header: Range;
  readonly typeRange: Range;
}

/** The `source` blocks, or the `data` blocks, by their key. */
export function readTypedBlocks(
  blocks: readonly Block[],
  kind: "source" | "data",
  diagnostics: Diagnostics,
): Map<string, TypedBlock> {
  const found = new Map<string, TypedBlock>();
  for (const block of blocks) {
    const [type, name] = block.labels;
    if (block.type !== kind || !type || !name) continue;
    if (kind === "data" && !(isIdentifier(type.text) && isIdentifier(name.text))) {
      diagnostics.error({
        code: "invalid-name",
        summary: `Invalid data source ${isIdentifier(type.text) ? "name" : "type"}`,
        detail:
          "Expressions refer to a data source as data.TYPE.NAME, so both must be names: letters, digits, underscores and dashes, a letter first.",
        subject: isIdentifier(type.text) ? name.range : type.range,
      });
      continue;
    }
    const key = `${type.text}.${name.text}`;
    const earlier = found.get(key);
    if (earlier) {
      diagnostics.error({
        code: `duplicate-${kind}`,
        summary: `Duplicate ${kind} block`,
        detail: `${kind === "source" ? "A source" : "A data source"} "${key}" is already declared ${placeText(earlier.header)}. Two of the same type need different names.`,
        subject: block.header,
      });
    } else {
      const { body, header } = block;
      found.set(key, { type: type.text, name: name.text, key, body, header, typeRange: type.range });
    }
  }
  return found;
}
