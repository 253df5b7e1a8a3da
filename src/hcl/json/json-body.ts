import type { Diagnostics } from "../source/diagnostic.ts";
import { lineMap } from "../source/line-map.ts";
import { nearestName } from "../source/nearest-name.ts";
import { type Range, rangeOf, spanning } from "../source/source.ts";
import type { Attribute, Block, Body, BodyContent, BodySchema } from "../syntax/body.ts";
import { reportMissing } from "../syntax/schema-faults.ts";
import { jsonExpression } from "./json-expression.ts";
import { jsonReferences } from "./json-references.ts";
import type { JsonMember, JsonNode } from "./json-tree.ts";
import { membersOf, unpackBlocks } from "./unpack-blocks.ts";

/** A body over a JSON value: an object, or an array of objects that are read as one. */
export function jsonBody(node: JsonNode): Body {
  return viewOf(node, new Set(), []);
}

/** `taken`: names that earlier partial contents have used; `schemas`: what they asked for. */
function viewOf(node: JsonNode, taken: ReadonlySet<string>, schemas: readonly BodySchema[]): Body {
  const missingItemRange = endOf(node);
  const read = (schema: BodySchema, diagnostics: Diagnostics): { content: BodyContent; members: JsonMember[] } => {
    const members = membersOf(node, undefined, diagnostics).filter(({ name }) => !taken.has(name.text));
    const content = takeContent(members, schema, missingItemRange, diagnostics);
    return { content, members };
  };
  return {
    missingItemRange,
    content(schema, diagnostics) {
      const { content, members } = read(schema, diagnostics);
      for (const member of members) reportExtraneous(member, content, [schema, ...schemas], diagnostics);
      return content;
    },
    partialContent(schema, diagnostics) {
      const { content } = read(schema, diagnostics);
      const names = [...schema.attributes.map(({ name }) => name), ...schema.blocks.map(({ type }) => type)];
      return { content, rest: viewOf(node, new Set([...taken, ...names]), [...schemas, schema]) };
    },
    attributes(diagnostics) {
      const attributes = new Map<string, Attribute>();
      if (node.kind !== "object") {
        if (node.kind !== "fault") reportNoObject(node, diagnostics);
        return attributes;
      }
      for (const member of node.members) {
        if (member.name.text === COMMENT || taken.has(member.name.text)) continue;
        addAttribute(attributes, member, "Duplicate attribute definition", diagnostics);
      }
      return attributes;
    },
    references: () => jsonReferences(node),
  };
}

/** A property of this name is a comment wherever a body is read. */
const COMMENT = "//";

function takeContent(
  members: readonly JsonMember[],
  schema: BodySchema,
  missingItemRange: Range,
  diagnostics: Diagnostics,
): BodyContent {
  const wanted = new Set(schema.attributes.map(({ name }) => name));
  const wantedBlocks = new Map(schema.blocks.map((block) => [block.type, block]));
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  for (const member of members) {
    const block = wantedBlocks.get(member.name.text);
    if (wanted.has(member.name.text)) addAttribute(attributes, member, "Duplicate argument", diagnostics);
    else if (block) blocks.push(...unpackBlocks(member, block.labelNames ?? [], jsonBody, diagnostics));
  }
  reportMissing(schema, attributes, missingItemRange, diagnostics);
  return { attributes, blocks, missingItemRange };
}

function addAttribute(
  into: Map<string, Attribute>,
  { name, value }: JsonMember,
  summary: string,
  diagnostics: Diagnostics,
): void {
  const earlier = into.get(name.text);
  if (earlier) {
    const { line } = lineMap(name.range.source).position(earlier.range.start);
    diagnostics.error({
      code: "argument-duplicate",
      summary,
      detail: `The argument "${name.text}" was already set on line ${line}. It can be set only once.`,
      subject: name.range,
    });
    return;
  }
  reportDuplicates(value, diagnostics);
  const expression = jsonExpression(value);
  into.set(name.text, {
    name: name.text,
    nameRange: name.range,
    expression,
    range: spanning(name.range, value.range),
  });
}

/** In the native syntax a key may come twice; in JSON that is a fault wherever an object is a value. */
function reportDuplicates(node: JsonNode, diagnostics: Diagnostics): void {
  if (node.kind === "array") for (const item of node.items) reportDuplicates(item, diagnostics);
  if (node.kind !== "object") return;
  const names = new Set<string>();
  for (const { name, value } of node.members) {
    if (names.has(name.text)) {
      diagnostics.error({
        code: "json-duplicate-property",
        summary: "Duplicate object attribute",
        detail: `This object already has a property named "${name.text}".`,
        subject: name.range,
      });
    }
    names.add(name.text);
    reportDuplicates(value, diagnostics);
  }
}

function reportExtraneous(
  { name, value }: JsonMember,
  content: BodyContent,
  schemas: readonly BodySchema[],
  diagnostics: Diagnostics,
): void {
  const attributes = schemas.flatMap((schema) => schema.attributes.map((attribute) => attribute.name));
  const blocks = schemas.flatMap((schema) => schema.blocks.map((block) => block.type));
  if (name.text === COMMENT || attributes.includes(name.text) || blocks.includes(name.text)) return;
  const free = attributes.filter((attribute) => !content.attributes.has(attribute));
  const near = nearestName(name.text, [...free, ...blocks]);
  diagnostics.error({
    code: "json-extraneous-property",
    summary: "Extraneous JSON object property",
    detail: `There is no argument and no block named "${name.text}" here.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    subject: name.range,
    context: spanning(name.range, value.range),
  });
}

function reportNoObject(node: JsonNode, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "json-value-type",
    summary: "Incorrect JSON value type",
    detail: "An object is expected here, whose properties are the arguments of this block.",
    subject: node.range,
  });
}

/** The closing brace, before which a missing property would be written. */
function endOf({ range }: JsonNode): Range {
  return rangeOf(range.source, Math.max(range.start, range.end - 1), range.end);
}
