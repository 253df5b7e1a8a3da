import { Diagnostics } from "../../source/diagnostic.ts";
import { parseExpression, parseFile } from "../parse.ts";
import type { Expression, NativeBody, TemplatePart } from "../tree.ts";

/** The structure of an expression in one line of nested parentheses, for tests. */
export function outline(expression: Expression): string {
  const all = (expressions: readonly Expression[]) => expressions.map((one) => ` ${outline(one)}`).join("");
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "bool":
      return String(expression.value);
    case "template":
      return `(${expression.form}${expression.parts.map((part) => ` ${outlinePart(part)}`).join("")})`;
    case "json-string":
      return `(json ${JSON.stringify(expression.text)} ${outline(expression.template)})`;
    case "parentheses":
      return `(group ${outline(expression.inner)})`;
    case "variable":
      return expression.name;
    case "attribute-access":
      return `(. ${outline(expression.of)} ${expression.name.text})`;
    case "legacy-index":
      return `(legacy ${outline(expression.of)} ${expression.index})`;
    case "index":
      return `(index ${outline(expression.of)} ${outline(expression.key)})`;
    case "splat":
      return `(${expression.form}-splat ${outline(expression.of)} ${outline(expression.each)})`;
    case "splat-item":
      return "@";
    case "unary":
      return `(${expression.operator} ${outline(expression.operand)})`;
    case "binary":
      return `(${expression.operator} ${outline(expression.left)} ${outline(expression.right)})`;
    case "conditional":
      return `(?${all([expression.condition, expression.then, expression.otherwise])})`;
    case "call":
      return `(call ${expression.name.text}${all(expression.arguments)}${expression.expands ? " ..." : ""})`;
    case "tuple":
      return `(list${all(expression.items)})`;
    case "object":
      return `(object${expression.items
        .map(({ key, value }) => ` ${key.kind === "key-name" ? `'${key.text}` : outline(key)}=${outline(value)}`)
        .join("")})`;
    case "for": {
      const { keyName, valueName, collection, key, value, condition, groups } = expression;
      const names = keyName ? `${keyName.text},${valueName.text}` : valueName.text;
      const tail = `${condition ? ` if ${outline(condition)}` : ""}${groups ? " ..." : ""}`;
      return `(for ${names} ${outline(collection)} ${key ? `${outline(key)}=>` : ""}${outline(value)}${tail})`;
    }
    default:
      return expression.kind;
  }
}

function outlinePart(part: TemplatePart): string {
  const all = (parts: readonly TemplatePart[]) => parts.map((one) => ` ${outlinePart(one)}`).join("");
  switch (part.kind) {
    case "text":
      return JSON.stringify(part.text);
    case "interpolation":
      return `\${${outline(part.expression)}}`;
    case "if":
      return `(if ${outline(part.condition)} then${all(part.then)} else${all(part.otherwise)})`;
    case "for":
      return `(for ${part.keyName ? `${part.keyName.text},` : ""}${part.valueName.text} ${outline(part.collection)}${all(part.body)})`;
  }
}

export function outlineBody(body: NativeBody): string {
  return body.items
    .map((item) =>
      item.kind === "attribute"
        ? `${item.name.text}=${outline(item.expression)}`
        : `${[item.type.text, ...item.labels.map(({ text }) => JSON.stringify(text))].join(" ")}{${outlineBody(item.body)}}`,
    )
    .join("; ");
}

/** The structure of a text that must be free of faults. */
export function outlineOf(text: string): string {
  const diagnostics = new Diagnostics();
  const expression = parseExpression({ name: "test", text }, diagnostics);
  if (diagnostics.all.length > 0) throw new Error(diagnostics.all.map(({ detail }) => detail).join("\n"));
  return outline(expression);
}

/** The faults of a file: `line: what is marked: title`. */
export function faultsOf(text: string): string[] {
  const diagnostics = new Diagnostics();
  parseFile({ name: "test", text }, diagnostics);
  return diagnostics.all.map(({ subject, summary }) => {
    if (!subject) return summary;
    const line = text.slice(0, subject.start).split("\n").length;
    return `${line}: ${JSON.stringify(text.slice(subject.start, subject.end))}: ${summary}`;
  });
}
