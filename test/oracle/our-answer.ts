import { evaluate } from "../../src/hcl/evaluation/evaluate.ts";
import type { Scope } from "../../src/hcl/evaluation/scope.ts";
import { typeFromExpression } from "../../src/hcl/evaluation/type-expression.ts";
import { Diagnostics } from "../../src/hcl/source/diagnostic.ts";
import type { Source } from "../../src/hcl/source/source.ts";
import { parseExpression, parseTemplate } from "../../src/hcl/syntax/parse.ts";
import { numberText } from "../../src/hcl/values/number-text.ts";
import { typeText } from "../../src/hcl/values/type-text.ts";
import { isUnknown, itemsOf, Numeric, type Value, withoutMarks } from "../../src/hcl/values/value.ts";
import type { Recorded } from "./read-corpus.ts";

/** What we make of an expression, in the form in which the reference's answers are recorded. */
export function ourAnswer(text: string, scope: Scope): Recorded {
  const diagnostics = new Diagnostics();
  const [form = "", content = text] = /^(template|type):([\s\S]*)$/.exec(text)?.slice(1) ?? [];
  const source: Source = { name: "expression", text: content };
  const expression = form === "template" ? parseTemplate(source, diagnostics) : parseExpression(source, diagnostics);
  if (form === "type") {
    const found = diagnostics.hasErrors ? undefined : typeFromExpression(expression, diagnostics);
    return { expression: text, ...(found && { type: typeText(found.type) }), ...faultsOf(diagnostics, source) };
  }
  const value = diagnostics.hasErrors ? undefined : evaluate(expression, scope, diagnostics);
  if (value === undefined || diagnostics.hasErrors) return { expression: text, ...faultsOf(diagnostics, source) };
  return { expression: text, value: written(value), type: typeText(value.type) };
}

function faultsOf(diagnostics: Diagnostics, { text }: Source): Pick<Recorded, "faults"> {
  const errors = diagnostics.all.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return {};
  const faults = errors.map(({ summary, subject }) => ({
    title: summary,
    start: byteOffset(text, subject?.start ?? 0),
    end: byteOffset(text, subject?.end ?? 0),
  }));
  return { faults };
}

function byteOffset(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset));
}

function written(value: Value): string {
  if (value.marks.size > 0) return `sensitive(${written(withoutMarks(value))})`;
  const { data } = value;
  if (isUnknown(value)) return "unknown";
  if (typeof data === "string") return JSON.stringify(data);
  if (data instanceof Numeric) return data.isFinite() ? numberText(data) : data.isPositive() ? "+Inf" : "-Inf";
  if (data === null || typeof data === "boolean") return String(data);
  if (data instanceof Map) {
    return `{${[...data].map(([key, each]) => `${JSON.stringify(key)}: ${written(each)}`).join(", ")}}`;
  }
  return `[${itemsOf(value).map(written).join(", ")}]`;
}
