import { Diagnostics } from "../source/diagnostic.ts";
import { absoluteTraversal } from "../syntax/absolute-traversal.ts";
import type { Attribute, Block, Body, BodySchema } from "../syntax/body.ts";
import type { Expression, Name } from "../syntax/tree.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { STRING } from "../values/type.ts";
import { aTypeName } from "../values/type-text.ts";
import { isNull, isUnknown, itemsOf, numberValue, stringValue, type Value, withMarks } from "../values/value.ts";
import { evaluate } from "./evaluate.ts";
import { expressionValues } from "./expression-values.ts";
import type { Scope } from "./scope.ts";

/** What a `dynamic` block says. `entries` is undefined where `for_each` is not known yet. */
export interface DynamicBlock {
  readonly iterator: string;
  readonly entries: readonly (readonly [key: Value, value: Value])[] | undefined;
  readonly labels: readonly Expression[];
  readonly content: Body;
}

type BlockSchema = BodySchema["blocks"][number];

/** Reads a `dynamic` block for blocks of a schema; undefined where it is faulty, which is reported. */
export function readDynamicBlock(
  block: Block,
  wanted: BlockSchema,
  scope: Scope,
  diagnostics: Diagnostics,
): DynamicBlock | undefined {
  const found = new Diagnostics();
  const labelCount = wanted.labelNames?.length ?? 0;
  const attributes = [{ name: "for_each", required: true }, { name: "iterator" }];
  const content = block.body.content(
    {
      attributes: labelCount > 0 ? [...attributes, { name: "labels", required: true }] : attributes,
      blocks: [{ type: "content" }],
    },
    found,
  );
  const iterator = readIterator(content.attributes.get("iterator"), wanted.type, found);
  const labels = listLabels(content.attributes.get("labels"), wanted, found);
  const body = onlyContent(content.blocks, block, found);
  const forEach = content.attributes.get("for_each");
  const entries = forEach && readForEach(forEach.expression, scope, found);
  diagnostics.append(found.all);
  if (found.hasErrors || !body || !entries) return undefined;
  return { iterator, entries: entries === "unknown" ? undefined : entries, labels, content: body };
}

function readIterator(attribute: Attribute | undefined, type: string, diagnostics: Diagnostics): string {
  if (!attribute) return type;
  const traversal = absoluteTraversal(attribute.expression);
  if (traversal && traversal.steps.length === 0) return traversal.root;
  diagnostics.error({
    code: "dynamic-iterator",
    summary: "Invalid dynamic iterator name",
    detail: "The iterator is a single name, written without quotes: iterator = item.",
    subject: attribute.expression.range,
  });
  return type;
}

function listLabels(
  attribute: Attribute | undefined,
  wanted: BlockSchema,
  diagnostics: Diagnostics,
): readonly Expression[] {
  if (!attribute) return [];
  const { expression } = attribute;
  const names = wanted.labelNames ?? [];
  if (expression.kind !== "tuple") {
    diagnostics.error({
      code: "dynamic-labels",
      summary: "Invalid expression",
      detail: "The labels are a list, written in brackets.",
      subject: expression.range,
    });
    return [];
  }
  const extra = expression.items[names.length];
  const needs = `A ${wanted.type} block takes ${names.length === 1 ? "one label" : `${names.length} labels`}: ${names.join(", ")}.`;
  if (extra) {
    diagnostics.error({
      code: "dynamic-labels",
      summary: "Extraneous dynamic block label",
      detail: needs,
      subject: extra.range,
      context: expression.range,
    });
  } else if (expression.items.length < names.length) {
    diagnostics.error({
      code: "dynamic-labels",
      summary: "Insufficient dynamic block labels",
      detail: needs,
      subject: expression.range,
    });
  }
  return expression.items;
}

function onlyContent(blocks: readonly Block[], block: Block, diagnostics: Diagnostics): Body | undefined {
  const [first, second] = blocks;
  if (!first) {
    diagnostics.error({
      code: "dynamic-content",
      summary: "Missing dynamic content block",
      detail: "What each block holds is written in a block named content.",
      subject: block.header,
    });
  } else if (second) {
    diagnostics.error({
      code: "dynamic-content",
      summary: "Extraneous dynamic content block",
      detail: "A dynamic block has one content block only.",
      subject: second.header,
    });
  }
  return first?.body;
}

/** The turns; "unknown" where they are not known yet, undefined where the value is faulty. */
function readForEach(
  expression: Expression,
  scope: Scope,
  diagnostics: Diagnostics,
): (readonly [Value, Value])[] | "unknown" | undefined {
  const found = new Diagnostics();
  const value = evaluate(expression, scope, found);
  diagnostics.append(found.all);
  if (found.hasErrors) return undefined;
  const { kind } = value.type;
  const scalar = kind === "string" || kind === "number" || kind === "bool";
  if (isNull(value) || scalar) {
    const values = expressionValues([expression], {
      scope,
      diagnostics: found,
      splatItem: undefined,
      evaluate: (of) => evaluate(of, scope, found),
    });
    diagnostics.error({
      code: "dynamic-for-each",
      summary: "Invalid dynamic for_each value",
      detail: `for_each takes a list, set, tuple, map or object, and this is ${isNull(value) ? "null" : aTypeName(value.type)}.`,
      subject: expression.range,
      ...(values.length > 0 && { values }),
    });
    return undefined;
  }
  if (isUnknown(value)) return "unknown";
  return turnsOf(value);
}

/** Marks of the collection are on every key and item. */
function turnsOf(collection: Value): (readonly [Value, Value])[] {
  const { data, type, marks } = collection;
  const marked = (value: Value) => withMarks(value, marks);
  if (data instanceof Map) return [...data].map(([key, item]) => [marked(stringValue(key)), marked(item)] as const);
  return itemsOf(collection).map(
    (item, index) => [marked(type.kind === "set" ? item : numberValue(index)), marked(item)] as const,
  );
}

/** The labels of one block. */
export function readLabels(expressions: readonly Expression[], scope: Scope, diagnostics: Diagnostics): Name[] {
  return expressions.map((expression) => {
    const { range } = expression;
    const value = evaluate(expression, scope, diagnostics);
    const text = convert(value, STRING);
    const fault = (detail: string) =>
      diagnostics.error({ code: "dynamic-label", summary: "Invalid dynamic block label", detail, subject: range });
    if (text instanceof ConversionFault) fault(`This value cannot be a label: ${text.message}.`);
    else if (isNull(text)) fault("A label cannot be null.");
    else if (isUnknown(text)) fault("A label must be known at once, and this value is not known yet.");
    else if (text.marks.size > 0) fault("A label is shown everywhere, so it cannot be made from a sensitive value.");
    else if (typeof text.data === "string") return { text: text.data, range };
    return { text: "", range };
  });
}
