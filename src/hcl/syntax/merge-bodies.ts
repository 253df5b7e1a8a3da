import { describeRange } from "../source/describe-range.ts";
import type { Diagnostics } from "../source/diagnostic.ts";
import { rangeOf } from "../source/source.ts";
import type { Attribute, Block, Body, BodyContent, BodySchema } from "./body.ts";
import { reportMissing } from "./schema-faults.ts";

/** One body of several: all their blocks, in this order, and all their arguments, each of which only one may set. */
export function mergeBodies(bodies: readonly Body[]): Body {
  const [first, ...others] = bodies;
  if (first && others.length === 0) return first;
  const missingItemRange = first?.missingItemRange ?? rangeOf({ name: "<empty>", text: "" }, 0, 0);

  const merge = (schema: BodySchema, diagnostics: Diagnostics, contents: readonly BodyContent[]): BodyContent => {
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    for (const content of contents) {
      addAttributes(attributes, content.attributes, diagnostics);
      blocks.push(...content.blocks);
    }
    reportMissing(schema, attributes, first && missingItemRange, diagnostics);
    return { attributes, blocks, missingItemRange };
  };

  return {
    missingItemRange,
    content(schema, diagnostics) {
      const contents = bodies.map((body) => body.content(optional(schema), diagnostics));
      return merge(schema, diagnostics, contents);
    },
    partialContent(schema, diagnostics) {
      const parts = bodies.map((body) => body.partialContent(optional(schema), diagnostics));
      const content = merge(
        schema,
        diagnostics,
        parts.map((part) => part.content),
      );
      return { content, rest: mergeBodies(parts.map((part) => part.rest)) };
    },
    attributes(diagnostics) {
      const attributes = new Map<string, Attribute>();
      for (const body of bodies) addAttributes(attributes, body.attributes(diagnostics), diagnostics);
      return attributes;
    },
    references: () => bodies.flatMap((body) => body.references()),
  };
}

/** Any of the bodies may bring what is required; that is checked when all are known. */
function optional(schema: BodySchema): BodySchema {
  return { ...schema, attributes: schema.attributes.map(({ name }) => ({ name })) };
}

function addAttributes(
  into: Map<string, Attribute>,
  attributes: ReadonlyMap<string, Attribute>,
  diagnostics: Diagnostics,
): void {
  for (const [name, attribute] of attributes) {
    const earlier = into.get(name);
    if (!earlier) {
      into.set(name, attribute);
      continue;
    }
    const { file, start } = describeRange(earlier.nameRange);
    diagnostics.error({
      code: "argument-duplicate",
      summary: "Duplicate argument",
      detail: `The argument "${name}" was already set in ${file} on line ${start.line}. It can be set only once.`,
      subject: attribute.nameRange,
    });
  }
}
