import type { Diagnostic } from "../source/diagnostic.ts";
import { Diagnostics } from "../source/diagnostic.ts";
import { type Range, rangeOf, type Source } from "../source/source.ts";
import { parseTemplate } from "../syntax/parse.ts";
import type { Expression } from "../syntax/tree.ts";
import { readEscape } from "./escape.ts";
import type { JsonNode, JsonString } from "./json-tree.ts";

/** A JSON value as an expression. Strings and names of properties are templates where a scope is there to evaluate them. */
export function jsonExpression(node: JsonNode): Expression {
  switch (node.kind) {
    case "string":
      return stringExpression(node);
    case "number":
      return negatable(node.text, node.range);
    case "array":
      return { kind: "tuple", items: node.items.map(jsonExpression), range: node.range };
    case "object": {
      const items = node.members.map(({ name, value }) => ({
        key: stringExpression(name),
        value: jsonExpression(value),
      }));
      return { kind: "object", items, range: node.range };
    }
    default:
      return node;
  }
}

/** The tree knows no signed numbers. */
function negatable(text: string, range: Range): Expression {
  if (!text.startsWith("-")) return { kind: "number", text, range };
  return { kind: "unary", operator: "-", operand: { kind: "number", text: text.slice(1), range }, range };
}

function stringExpression({ text, range }: JsonString): Expression {
  if (!text.includes("${") && !text.includes("%{")) {
    const inner = rangeOf(range.source, range.start + 1, range.end - 1);
    const template: Expression = {
      kind: "template",
      form: "bare",
      parts: [{ kind: "text", text, range: inner }],
      range,
    };
    return { kind: "json-string", text, template, range };
  }
  const found = new Diagnostics();
  const decoded: Source = { name: range.source.name, text };
  const parsed = parseTemplate(decoded, found);
  const place = placeInSource(range);
  const move = (of: Range) => (of.source === decoded ? rangeOf(range.source, place(of.start), place(of.end)) : of);
  const template = moveRanges(parsed, move) as Expression; // the same tree at other places
  const faults = found.all.map((fault) => moveRanges(fault, move) as Diagnostic); // likewise
  return { kind: "json-string", text, template, faults: faults.length > 0 ? faults : undefined, range };
}

/** Where a place in the text of a string is in the source, which may hold escape sequences. */
function placeInSource({ source, start, end }: Range): (offset: number) => number {
  const first = start + 1;
  if (source.text.lastIndexOf("\\", end - 1) < first) return (offset) => first + offset;
  const places: number[] = [];
  let at = first;
  while (at < end - 1) {
    const sequence = source.text[at] === "\\" ? readEscape(source.text, at) : { text: " ", length: 1 };
    for (let unit = 0; unit < sequence.text.length; unit++) places.push(at);
    at += sequence.length;
  }
  return (offset) => places[offset] ?? end - 1;
}

function moveRanges(node: unknown, move: (range: Range) => Range): unknown {
  if (Array.isArray(node)) return node.map((item) => moveRanges(item, move));
  if (typeof node !== "object" || node === null) return node;
  if ("source" in node && "start" in node) return move(node as Range); // only ranges have these
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, moveRanges(value, move)]));
}
