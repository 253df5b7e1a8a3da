import { Diagnostics } from "../source/diagnostic.ts";
import type { Expression, TemplatePart } from "../syntax/tree.ts";
import { numberText } from "../values/number-text.ts";
import { aTypeName } from "../values/type-text.ts";
import { isSensitive, isUnknown, itemsOf, Numeric, type Value } from "../values/value.ts";
import type { Context } from "./context.ts";

const MOST_VALUES = 8;
const LONGEST_TEXT = 60;

/** What the variables in expressions stand for, one line each (`var.size is 5`), for a diagnostic. Shows no secret. */
export function expressionValues(expressions: readonly Expression[], context: Context): string[] {
  const lines = new Set<string>();
  for (const reference of expressions.flatMap((expression) => references(expression))) {
    if (lines.size === MOST_VALUES) break;
    const quiet = new Diagnostics();
    const value = context.evaluate(reference, { ...context, diagnostics: quiet, quiet: true });
    if (quiet.hasErrors) continue;
    const { source, start, end } = reference.range;
    lines.add(`${source.text.slice(start, end)} ${described(value)}`);
  }
  return [...lines];
}

function described(value: Value): string {
  if (isSensitive(value)) return "is sensitive";
  if (isUnknown(value)) return "is not known yet";
  const { data } = value;
  if (data === null) return "is null";
  if (typeof data === "string") {
    return `is ${JSON.stringify(data.length > LONGEST_TEXT ? `${data.slice(0, LONGEST_TEXT)}…` : data)}`;
  }
  if (typeof data === "boolean") return `is ${data}`;
  if (data instanceof Numeric) return `is ${numberText(data).slice(0, LONGEST_TEXT)}`;
  const count = itemsOf(value).length;
  const noun = value.type.kind === "object" ? "attribute" : "element";
  return `is ${aTypeName(value.type)} with ${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The longest chains that start at a variable: `var.list[0].name`. Variables of a `for` inside are left out. */
function references(expression: Expression, own: ReadonlySet<string> = new Set()): Expression[] {
  const of = (inner: Expression | undefined) => (inner ? references(inner, own) : []);
  switch (expression.kind) {
    case "variable":
      return own.has(expression.name) ? [] : [expression];
    case "attribute-access":
    case "legacy-index":
      return isChain(expression, own) ? [expression] : of(expression.of);
    case "index":
      return isChain(expression, own) ? [expression] : [...of(expression.of), ...of(expression.key)];
    case "splat":
      return of(expression.of);
    case "parentheses":
      return of(expression.inner);
    case "unary":
      return of(expression.operand);
    case "binary":
      return [...of(expression.left), ...of(expression.right)];
    case "conditional":
      return [...of(expression.condition), ...of(expression.then), ...of(expression.otherwise)];
    case "call":
      return expression.arguments.flatMap(of);
    case "tuple":
      return expression.items.flatMap(of);
    case "object":
      return expression.items.flatMap(({ key, value }) => [...(key.kind === "key-name" ? [] : of(key)), ...of(value)]);
    case "for": {
      const inner = new Set([
        ...own,
        expression.valueName.text,
        ...(expression.keyName ? [expression.keyName.text] : []),
      ]);
      const parts = [expression.key, expression.value, expression.condition];
      return [...of(expression.collection), ...parts.flatMap((part) => (part ? references(part, inner) : []))];
    }
    case "template":
      return expression.parts.flatMap((part) => partReferences(part, own));
    case "json-string":
      return of(expression.template);
    default:
      return [];
  }
}

function partReferences(part: TemplatePart, own: ReadonlySet<string>): Expression[] {
  switch (part.kind) {
    case "interpolation":
      return references(part.expression, own);
    case "if":
      return [
        ...references(part.condition, own),
        ...[...part.then, ...part.otherwise].flatMap((p) => partReferences(p, own)),
      ];
    case "for": {
      const inner = new Set([...own, part.valueName.text, ...(part.keyName ? [part.keyName.text] : [])]);
      return [...references(part.collection, own), ...part.body.flatMap((p) => partReferences(p, inner))];
    }
    default:
      return [];
  }
}

function isChain(expression: Expression, own: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case "variable":
      return !own.has(expression.name);
    case "attribute-access":
    case "legacy-index":
      return isChain(expression.of, own);
    case "index":
      return isChain(expression.of, own) && isLiteral(expression.key);
    default:
      return false;
  }
}

function isLiteral(key: Expression): boolean {
  return key.kind === "number" || (key.kind === "template" && key.parts.every((part) => part.kind === "text"));
}
