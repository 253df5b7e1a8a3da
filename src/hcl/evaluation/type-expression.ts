import { Diagnostics } from "../source/diagnostic.ts";
import { type Range, spanning } from "../source/source.ts";
import { staticExpression } from "../syntax/static-expression.ts";
import type { CallExpression, Expression, KeyName } from "../syntax/tree.ts";
import { ConversionFault, convert } from "../values/convert.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, objectOf, STRING, setOf, type Type, tupleOf } from "../values/type.ts";
import type { Value } from "../values/value.ts";
import type { Defaults } from "./apply-defaults.ts";
import { evaluateConstant } from "./evaluate.ts";
import { didYouMean } from "./nearest-name.ts";

/** A type as written, and the defaults of its optional attributes where there are any. */
export interface TypeSpecification {
  readonly type: Type;
  readonly defaults?: Defaults;
}

/** Reads `list(object({ name = string, size = optional(number, 1) }))`; undefined where it is faulty, which is reported. */
export function typeFromExpression(expression: Expression, diagnostics: Diagnostics): TypeSpecification | undefined {
  const found = new Diagnostics();
  const specification = read(unwrapped(expression), found);
  diagnostics.append(found.all);
  return found.hasErrors ? undefined : specification;
}

const KEYWORDS: Readonly<Record<string, Type>> = { string: STRING, number: NUMBER, bool: BOOL, any: ANY };
const CONSTRUCTORS = ["list", "set", "map", "object", "tuple"] as const;
const NEEDS: Readonly<Record<string, string>> = {
  list: "the type of its elements, as in list(string)",
  set: "the type of its elements, as in set(string)",
  map: "the type of its elements, as in map(string)",
  object: "its attributes and their types, as in object({ name = string })",
  tuple: "the types of its elements, as in tuple([string, number])",
};

function read(expression: Expression, diagnostics: Diagnostics): TypeSpecification {
  const name = keyword(expression);
  if (name !== undefined) {
    const type = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
    if (type) return { type };
    const needs = NEEDS[name];
    return invalid(
      needs === undefined
        ? `There is no type named "${name}".${didYouMean(name, [...Object.keys(KEYWORDS), ...CONSTRUCTORS])}`
        : `The type ${name} needs ${needs}.`,
      expression.range,
      diagnostics,
    );
  }
  if (expression.kind === "call") return construct(expression, diagnostics);
  return invalid(
    "A type is written as string, number, bool or any, or as one made of others, like list(string).",
    expression.range,
    diagnostics,
  );
}

function construct(call: CallExpression, diagnostics: Diagnostics): TypeSpecification {
  const { text } = call.name;
  const brackets = spanning(call.openParenthesis, call.closeParenthesis);
  if (Object.hasOwn(KEYWORDS, text))
    return invalid(`The type ${text} takes no arguments.`, brackets, diagnostics, call.range);
  if (text === "optional") {
    return invalid("Only an attribute of an object type can be optional.", call.name.range, diagnostics, call.range);
  }
  const needs = NEEDS[text];
  if (needs === undefined) {
    return invalid(
      `There is no type constructor named "${text}".${didYouMean(text, CONSTRUCTORS)}`,
      call.name.range,
      diagnostics,
      call.range,
    );
  }
  const [argument, extra] = call.arguments;
  if (!argument || extra) {
    const last = call.arguments.at(-1);
    const subject = extra && last ? spanning(extra.range, last.range) : brackets;
    return invalid(`The type ${text} needs one argument: ${needs}.`, subject, diagnostics, call.range);
  }
  if (text === "object") return objectType(unwrapped(argument), call, diagnostics);
  if (text === "tuple") return tupleType(unwrapped(argument), call, diagnostics);
  const element = read(unwrapped(argument), diagnostics);
  const type = text === "list" ? listOf(element.type) : text === "set" ? setOf(element.type) : mapOf(element.type);
  return element.defaults ? { type, defaults: { kind: "elements", each: element.defaults } } : { type };
}

function objectType(argument: Expression, call: CallExpression, diagnostics: Diagnostics): TypeSpecification {
  if (argument.kind !== "object")
    return invalid(`The type object needs ${NEEDS.object}.`, argument.range, diagnostics, call.range);
  const attributes = new Map<string, Type>();
  const optional = new Set<string>();
  const values = new Map<string, Value>();
  const children = new Map<string, Defaults>();
  for (const { key, value } of argument.items) {
    const name = attributeName(key);
    if (name === undefined) {
      invalid(
        "The names of attributes must be written plainly, without quotes or parentheses.",
        key.range,
        diagnostics,
        call.range,
      );
      continue;
    }
    if (attributes.has(name)) {
      invalid(`The attribute "${name}" is declared twice.`, key.range, diagnostics, call.range);
      continue;
    }
    const attribute = attributeType(unwrapped(value), diagnostics);
    attributes.set(name, attribute.type);
    if (attribute.optional) optional.add(name);
    if (attribute.value) values.set(name, attribute.value);
    if (attribute.defaults) children.set(name, attribute.defaults);
  }
  const type = objectOf(attributes, optional.size > 0 ? optional : undefined);
  return values.size + children.size > 0 ? { type, defaults: { kind: "attributes", values, children } } : { type };
}

interface AttributeType extends TypeSpecification {
  readonly optional: boolean;
  readonly value?: Value;
}

function attributeType(expression: Expression, diagnostics: Diagnostics): AttributeType {
  if (expression.kind !== "call" || expression.name.text !== "optional") {
    return { ...read(expression, diagnostics), optional: false };
  }
  const [wanted, written, extra] = expression.arguments;
  const brackets = spanning(expression.openParenthesis, expression.closeParenthesis);
  if (!wanted || extra) {
    const detail = "optional() takes the type of the attribute and, if wanted, its default: optional(number, 1).";
    return { ...invalid(detail, brackets, diagnostics, expression.range), optional: true };
  }
  const specification = { ...read(unwrapped(wanted), diagnostics), optional: true };
  if (!written) return specification;
  const found = new Diagnostics();
  const value = evaluateConstant(written, found);
  diagnostics.append(found.all);
  if (found.hasErrors) return specification;
  const converted = convert(value, specification.type);
  if (!(converted instanceof ConversionFault)) return { ...specification, value: converted };
  diagnostics.error({
    code: "invalid-optional-default",
    summary: "Invalid default value for optional attribute",
    detail: `This default does not fit the type of the attribute: ${converted.message}.`,
    subject: written.range,
    context: expression.range,
  });
  return specification;
}

function tupleType(argument: Expression, call: CallExpression, diagnostics: Diagnostics): TypeSpecification {
  if (argument.kind !== "tuple")
    return invalid(`The type tuple needs ${NEEDS.tuple}.`, argument.range, diagnostics, call.range);
  const elements = argument.items.map((item) => read(unwrapped(item), diagnostics));
  const type = tupleOf(elements.map((element) => element.type));
  if (elements.every((element) => !element.defaults)) return { type };
  return { type, defaults: { kind: "items", items: elements.map((element) => element.defaults) } };
}

/** A JSON template writes a type as a string, which holds the expression or, as a template, `${…}` around it. */
function unwrapped(expression: Expression): Expression {
  if (expression.kind === "json-string") {
    const written = staticExpression(expression);
    return unwrapped(written.kind === "fault" ? expression.template : written);
  }
  const [part] = expression.kind === "template" ? expression.parts : [];
  return part?.kind === "interpolation" && expression.kind === "template" && expression.parts.length === 1
    ? unwrapped(part.expression)
    : expression;
}

function keyword(expression: Expression): string | undefined {
  if (expression.kind === "variable") return expression.name;
  if (expression.kind === "null") return "null";
  return expression.kind === "bool" ? String(expression.value) : undefined;
}

function attributeName(key: Expression | KeyName): string | undefined {
  return key.kind === "key-name" ? key.text : undefined;
}

function invalid(detail: string, subject: Range, diagnostics: Diagnostics, context?: Range): TypeSpecification {
  diagnostics.error({ code: "invalid-type", summary: "Invalid type specification", detail, subject, context });
  return { type: ANY };
}
