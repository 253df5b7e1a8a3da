import type { Diagnostics } from "../source/diagnostic.ts";
import { type Range, rangeOf } from "../source/source.ts";
import type { Block, Body } from "../syntax/body.ts";
import type { Name } from "../syntax/tree.ts";
import type { JsonMember, JsonNode } from "./json-tree.ts";

/**
 * The blocks that a property stands for: its labels are the names of nested objects, and an array in the end is several
 * blocks with the same labels.
 */
export function unpackBlocks(
  { name, value }: JsonMember,
  labelNames: readonly string[],
  bodyOf: (node: JsonNode) => Body,
  diagnostics: Diagnostics,
): Block[] {
  const blocks: Block[] = [];
  const unpack = (node: JsonNode, labels: readonly Name[]): void => {
    const label = labelNames[labels.length];
    if (label !== undefined) {
      const members = membersOf(node, label, diagnostics);
      for (const member of members) {
        unpack(member.value, [...labels, { text: member.name.text, range: member.name.range }]);
      }
      if (
        members.length === 0 &&
        node.kind !== "fault" &&
        (node.kind === "object" || node.kind === "array" || node.kind === "null")
      ) {
        reportNoLabel(node, name.text, label, diagnostics);
      }
      return;
    }
    if (node.kind === "array") for (const item of node.items) add(item, labels);
    else if (node.kind === "object") add(node, labels);
    else if (node.kind !== "null" && node.kind !== "fault") reportNoBlock(node, name.text, diagnostics);
  };
  const add = (node: JsonNode, labels: readonly Name[]): void => {
    const header = labels[labels.length - 1]?.range ?? name.range;
    blocks.push({ type: name.text, labels, body: bodyOf(node), header, typeRange: name.range });
  };
  unpack(value, []);
  return blocks;
}

/** The properties of an object, or of all objects of an array. `label`: what their names stand for, if not for items. */
export function membersOf(node: JsonNode, label: string | undefined, diagnostics: Diagnostics): JsonMember[] {
  if (node.kind === "object") return [...node.members];
  if (node.kind === "null" || node.kind === "fault") return [];
  const what = label === undefined ? "its arguments and blocks" : `the ${label} of the block`;
  const report = (at: JsonNode, expected: string) =>
    diagnostics.error({
      code: "json-value-type",
      summary: "Incorrect JSON value type",
      detail: `${expected} is expected here, to give ${what}.`,
      subject: startOf(at),
    });
  if (node.kind !== "array") {
    report(node, "An object, or an array of objects,");
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.kind === "object") return item.members;
    if (item.kind !== "fault") report(item, "An object");
    return [];
  });
}

function reportNoLabel(node: JsonNode, type: string, label: string, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "label-missing",
    summary: "Missing block label",
    detail: `A ${type} block needs a ${label}: here must be an object with a property whose name it is.`,
    subject: startOf(node),
  });
}

function reportNoBlock(node: JsonNode, type: string, diagnostics: Diagnostics): void {
  diagnostics.error({
    code: "json-value-type",
    summary: "Incorrect JSON value type",
    detail: `An object, or an array of objects, is expected here: the content of ${type} blocks.`,
    subject: startOf(node),
  });
}

/** Of an object or array its opening bracket. */
function startOf({ kind, range }: JsonNode): Range {
  return kind === "object" || kind === "array" ? rangeOf(range.source, range.start, range.start + 1) : range;
}
