import type { Diagnostics } from "../source/diagnostic.ts";
import { type Range, rangeOf, spanning } from "../source/source.ts";
import type { Attribute, Block, Body, BodyContent, BodySchema } from "./body.ts";
import {
  type BlockSchema,
  checkLabels,
  reportMissing,
  reportUnsupported,
  reportUnsupportedBlock,
} from "./schema-faults.ts";
import type { AttributeNode, BlockNode, NativeBody } from "./tree.ts";
import { variablesOfNativeBody } from "./variables-of.ts";

/** A body over the tree of the native syntax: of a file that was parsed, or of a block. */
export function nativeBody(of: NativeBody | { readonly body: NativeBody }): Body {
  return viewOf("kind" in of ? of : of.body, { schemas: [], attributes: new Set(), blocks: new Set() });
}

/** What earlier partial contents have taken. */
interface Taken {
  readonly schemas: readonly BodySchema[];
  readonly attributes: ReadonlySet<string>;
  readonly blocks: ReadonlySet<string>;
}

function viewOf(tree: NativeBody, taken: Taken): Body {
  const missingItemRange = startOf(tree);
  const partialContent = (schema: BodySchema, diagnostics: Diagnostics) => {
    const content = takeContent(tree, schema, taken, missingItemRange, diagnostics);
    const rest: Taken = {
      schemas: [...taken.schemas, schema],
      attributes: new Set([...taken.attributes, ...schema.attributes.map(({ name }) => name)]),
      blocks: new Set([...taken.blocks, ...schema.blocks.map(({ type }) => type)]),
    };
    return { content, rest: viewOf(tree, rest) };
  };
  return {
    missingItemRange,
    partialContent,
    content(schema, diagnostics) {
      const { content } = partialContent(schema, diagnostics);
      reportTheRest(tree, schema, taken, diagnostics);
      return content;
    },
    attributes(diagnostics) {
      const attributes = new Map<string, Attribute>();
      for (const item of tree.items) {
        if (item.kind === "block") {
          if (!taken.blocks.has(item.type.text)) reportBlock(item, diagnostics);
        } else if (!taken.attributes.has(item.name.text) && !attributes.has(item.name.text)) {
          attributes.set(item.name.text, attributeOf(item));
        }
      }
      return attributes;
    },
    references: () => variablesOfNativeBody(tree),
  };
}

function takeContent(
  tree: NativeBody,
  schema: BodySchema,
  taken: Taken,
  missingItemRange: Range,
  diagnostics: Diagnostics,
): BodyContent {
  const wanted = new Set(schema.attributes.map(({ name }) => name));
  const wantedBlocks = new Map<string, BlockSchema>(schema.blocks.map((block) => [block.type, block]));
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  for (const item of tree.items) {
    if (item.kind === "attribute") {
      const name = item.name.text;
      if (wanted.has(name) && !taken.attributes.has(name) && !attributes.has(name))
        attributes.set(name, attributeOf(item));
    } else {
      const wantedBlock = taken.blocks.has(item.type.text) ? undefined : wantedBlocks.get(item.type.text);
      if (!wantedBlock) continue;
      const place = { header: item.header, labels: item.labels };
      if (checkLabels(wantedBlock, place, diagnostics)) blocks.push(blockOf(item));
    }
  }
  reportMissing(schema, attributes, missingItemRange, diagnostics);
  return { attributes, blocks, missingItemRange };
}

function reportTheRest(tree: NativeBody, schema: BodySchema, taken: Taken, diagnostics: Diagnostics): void {
  const schemas = [schema, ...taken.schemas];
  const present = new Set(tree.items.map((item) => (item.kind === "attribute" ? item.name.text : "")));
  const known = new Set(schemas.flatMap(({ attributes }) => attributes.map(({ name }) => name)));
  const knownBlocks = new Set(schemas.flatMap(({ blocks }) => blocks.map(({ type }) => type)));
  for (const item of tree.items) {
    if (item.kind === "attribute") {
      if (!known.has(item.name.text)) reportUnsupported(item.name, schemas, present, diagnostics);
    } else if (!knownBlocks.has(item.type.text)) reportUnsupportedBlock(item.type, schemas, diagnostics);
  }
}

function attributeOf(node: AttributeNode): Attribute {
  return { name: node.name.text, nameRange: node.name.range, expression: node.expression, range: node.range };
}

function blockOf(node: BlockNode): Block {
  return {
    type: node.type.text,
    labels: node.labels,
    body: nativeBody(node.body),
    header: node.header,
    typeRange: node.type.range,
  };
}

function reportBlock(block: BlockNode, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "block-not-allowed",
    summary: `Unexpected "${block.type.text}" block`,
    detail: `Only arguments can stand here. To set an argument "${block.type.text}", write an equals sign behind its name.`,
    subject: block.header,
    context: spanning(block.header, block.header),
  });
}

/** The opening brace of a block, or the start of a file. */
function startOf(tree: NativeBody): Range {
  const { source, start } = tree.range;
  return rangeOf(source, start, source.text[start] === "{" ? start + 1 : start);
}
