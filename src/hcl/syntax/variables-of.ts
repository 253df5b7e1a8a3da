import { type Range, spanning } from "../source/source.ts";
import type { Body } from "./body.ts";
import { literalKey } from "./literal-text.ts";
import type { Expression, ForExpression, NativeBody, TemplatePart } from "./tree.ts";

/** A variable with the steps that are known without evaluating: `var.names[0]`. */
export interface Traversal {
  readonly root: string;
  readonly rootRange: Range;
  readonly steps: readonly TraversalStep[];
  readonly range: Range;
}

/** `key` is the text of a literal index, a number or a string. */
export type TraversalStep =
  | { readonly kind: "attribute"; readonly name: string; readonly range: Range }
  | { readonly kind: "index"; readonly key: string; readonly range: Range };

/** What an expression refers to, in the order of the text; names that `for` and splats bind are left out. */
export function variablesOf(expression: Expression): Traversal[] {
  const found: Traversal[] = [];
  visit(expression, NO_NAMES, found);
  return found;
}

/** What all expressions in a body refer to, however deep. */
export function variablesOfBody(body: Body): readonly Traversal[] {
  return body.references();
}

/** The same for a body of the native syntax; in the content of a `dynamic` block its iterator is bound. */
export function variablesOfNativeBody(body: NativeBody): Traversal[] {
  const found: Traversal[] = [];
  visitBody(body, NO_NAMES, found);
  return found;
}

type Names = ReadonlySet<string>;
const NO_NAMES: Names = new Set();

function visitBody(body: NativeBody, bound: Names, found: Traversal[]): void {
  for (const item of body.items) {
    if (item.kind === "attribute") visit(item.expression, bound, found);
    else if (item.type.text === "dynamic" && item.labels[0]) visitDynamic(item.body, item.labels[0].text, bound, found);
    else visitBody(item.body, bound, found);
  }
}

/** `for_each` is evaluated outside of the iterator, which is named after the block unless `iterator` names it. */
function visitDynamic(body: NativeBody, type: string, bound: Names, found: Traversal[]): void {
  let iterator = type;
  for (const item of body.items) {
    if (item.kind !== "attribute" || item.name.text !== "iterator") continue;
    if (item.expression.kind === "variable") iterator = item.expression.name;
  }
  const inner = new Set([...bound, iterator]);
  for (const item of body.items) {
    if (item.kind === "block") visitBody(item.body, inner, found);
    else if (item.name.text === "for_each") visit(item.expression, bound, found);
    else if (item.name.text !== "iterator") visit(item.expression, inner, found);
  }
}

function visit(expression: Expression, bound: Names, found: Traversal[]): void {
  const traversal = traversalOf(expression);
  if (traversal) {
    if (!bound.has(traversal.root)) found.push(traversal);
  } else if (expression.kind === "template") visitParts(expression.parts, bound, found);
  else if (expression.kind === "for") visitFor(expression, bound, found);
  else for (const child of childrenOf(expression)) visit(child, bound, found);
}

function visitFor(expression: ForExpression, bound: Names, found: Traversal[]): void {
  visit(expression.collection, bound, found);
  const inner = withNames(bound, expression.keyName?.text, expression.valueName.text);
  for (const part of [expression.key, expression.value, expression.condition]) {
    if (part) visit(part, inner, found);
  }
}

/** The expressions directly within one that binds no names. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "json-string":
      return [expression.template];
    case "parentheses":
      return [expression.inner];
    case "attribute-access":
    case "legacy-index":
      return [expression.of];
    case "index":
      return [expression.of, expression.key];
    case "splat":
      return [expression.of, expression.each];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "call":
      return expression.arguments;
    case "tuple":
      return expression.items;
    case "object":
      return expression.items.flatMap(({ key, value }) => (key.kind === "key-name" ? [value] : [key, value]));
    default:
      return [];
  }
}

function visitParts(parts: readonly TemplatePart[], bound: Names, found: Traversal[]): void {
  for (const part of parts) {
    if (part.kind === "interpolation") visit(part.expression, bound, found);
    else if (part.kind === "if") {
      visit(part.condition, bound, found);
      visitParts(part.then, bound, found);
      visitParts(part.otherwise, bound, found);
    } else if (part.kind === "for") {
      visit(part.collection, bound, found);
      visitParts(part.body, withNames(bound, part.keyName?.text, part.valueName.text), found);
    }
  }
}

function withNames(bound: Names, ...names: readonly (string | undefined)[]): Names {
  return new Set([...bound, ...names.filter((name) => name !== undefined)]);
}

/** The expression as a path of known steps from a variable; undefined where it is anything else. */
export function traversalOf(expression: Expression): Traversal | undefined {
  const steps: TraversalStep[] = [];
  for (let at = expression; ; ) {
    switch (at.kind) {
      case "variable":
        return { root: at.name, rootRange: at.range, steps: steps.reverse(), range: expression.range };
      case "attribute-access":
        steps.push({ kind: "attribute", name: at.name.text, range: stepRange(at.of, at) });
        at = at.of;
        break;
      case "legacy-index":
        steps.push({ kind: "index", key: at.index, range: stepRange(at.of, at) });
        at = at.of;
        break;
      case "index": {
        const key = literalKey(at.key);
        if (key === undefined) return undefined;
        steps.push({ kind: "index", key, range: stepRange(at.of, at) });
        at = at.of;
        break;
      }
      default:
        return undefined;
    }
  }
}

/** From behind the dot or at the bracket to the end of the step. */
function stepRange(of: Expression, step: Expression): Range {
  return { source: step.range.source, start: of.range.end, end: spanning(of.range, step.range).end };
}
