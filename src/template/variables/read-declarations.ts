import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { type TypeSpecification, typeFromExpression } from "../../hcl/evaluation/type-expression.ts";
import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Attribute, Block, BodySchema } from "../../hcl/syntax/body.ts";
import type { Name } from "../../hcl/syntax/tree.ts";
import { type Traversal, variablesOf } from "../../hcl/syntax/variables-of.ts";
import { ConversionFault } from "../../hcl/values/convert.ts";
import { ANY } from "../../hcl/values/type.ts";
import { typeText } from "../../hcl/values/type-text.ts";
import { isUnknown, type Value } from "../../hcl/values/value.ts";
import { FAULTY_VALUE, isFaulty } from "../evaluation/faulty.ts";
import { readBoolean, readText } from "../structure/constant.ts";
import { checkName } from "../structure/names.ts";
import { placeText } from "../structure/place-text.ts";
import { conform } from "./conform.ts";
import type { VariableDeclaration, VariableValidation } from "./variable.ts";

const VARIABLE_SCHEMA: BodySchema = {
  attributes: [{ name: "type" }, { name: "default" }, { name: "description" }, { name: "sensitive" }],
  blocks: [{ type: "validation" }],
};
const VALIDATION_SCHEMA: BodySchema = {
  attributes: [
    { name: "condition", required: true },
    { name: "error_message", required: true },
  ],
  blocks: [],
};

/** Reads all `variable` and `variables` blocks. `defaults`: the scope of their defaults, which is `env()` alone. */
export function readVariableDeclarations(
  blocks: readonly Block[],
  defaults: Scope,
  diagnostics: Diagnostics,
): Map<string, VariableDeclaration> {
  const declarations = new Map<string, VariableDeclaration>();
  const add = (declaration: VariableDeclaration) => {
    const earlier = declarations.get(declaration.name);
    if (earlier) reportDuplicate(declaration, earlier, diagnostics);
    else declarations.set(declaration.name, declaration);
  };
  for (const block of blocks) {
    if (block.type === "variable") {
      const declaration = readVariable(block, defaults, diagnostics);
      if (declaration) add(declaration);
    } else if (block.type === "variables") {
      for (const attribute of block.body.attributes(diagnostics).values()) {
        const declaration = readShorthand(attribute, defaults, diagnostics);
        if (declaration) add(declaration);
      }
    }
  }
  return declarations;
}

function readVariable(block: Block, defaults: Scope, diagnostics: Diagnostics): VariableDeclaration | undefined {
  const [name] = block.labels;
  if (!name) return undefined;
  const before = diagnostics.all.length;
  const content = block.body.content(VARIABLE_SCHEMA, diagnostics);
  const isOdd = diagnostics.all.length > before;
  if (!checkName(name, "variable", diagnostics)) return undefined;
  const type = content.attributes.get("type");
  const declared = type && typeFromExpression(type.expression, diagnostics);
  const attribute = content.attributes.get("default");
  const found = attribute && readDefault(attribute, declared, defaults, diagnostics);
  return {
    name: name.text,
    nameRange: name.range,
    header: block.header,
    constraint: declared ?? constraintOfDefault(found),
    // Whatever the odd part of the block was to be: that there is no default is then no news.
    default: found ?? (isOdd ? FAULTY_VALUE : undefined),
    defaultRange: attribute?.expression.range,
    description: readText(content.attributes.get("description"), undefined, diagnostics),
    sensitive: readBoolean(content.attributes.get("sensitive"), undefined, diagnostics) ?? false,
    validations: content.blocks.flatMap((validation) => readValidation(validation, name, diagnostics) ?? []),
  };
}

/** `name = value` in a `variables` block: a default and nothing else. */
function readShorthand(
  attribute: Attribute,
  defaults: Scope,
  diagnostics: Diagnostics,
): VariableDeclaration | undefined {
  if (!checkName({ text: attribute.name, range: attribute.nameRange }, "variable", diagnostics)) return undefined;
  const found = readDefault(attribute, undefined, defaults, diagnostics);
  return {
    name: attribute.name,
    nameRange: attribute.nameRange,
    header: attribute.range,
    constraint: constraintOfDefault(found),
    default: found,
    defaultRange: attribute.expression.range,
    sensitive: false,
    validations: [],
  };
}

/** A faulty default is reported, and counts as a value all the same: the variable is not unset as well. */
function readDefault(
  attribute: Attribute,
  declared: TypeSpecification | undefined,
  defaults: Scope,
  diagnostics: Diagnostics,
): Value {
  const before = diagnostics.all.length;
  const given = evaluate(attribute.expression, defaults, diagnostics);
  if (diagnostics.all.length > before || isUnknown(given)) return FAULTY_VALUE;
  if (!declared) return given;
  const converted = conform(given, declared);
  if (!(converted instanceof ConversionFault)) return converted;
  diagnostics.error({
    code: "invalid-default",
    summary: "Invalid default value for variable",
    detail: `The default does not fit the type ${typeText(declared.type)} of the variable: ${converted.message}.`,
    subject: attribute.expression.range,
  });
  return FAULTY_VALUE;
}

/** An empty collection says nothing about what it may hold. */
function constraintOfDefault(value: Value | undefined): TypeSpecification {
  if (!value || isEmptyLiteral(value) || isFaulty(value)) return { type: ANY };
  return { type: value.type };
}

function isEmptyLiteral({ type }: Value): boolean {
  return (
    (type.kind === "tuple" && type.elements.length === 0) || (type.kind === "object" && type.attributes.size === 0)
  );
}

function readValidation(block: Block, variable: Name, diagnostics: Diagnostics): VariableValidation | undefined {
  const content = block.body.content(VALIDATION_SCHEMA, diagnostics);
  const condition = content.attributes.get("condition");
  const message = content.attributes.get("error_message");
  const errorMessage = readText(message, undefined, diagnostics);
  if (message && errorMessage !== undefined) checkErrorMessage(message, errorMessage, diagnostics);
  if (!condition || !checkReferences(condition, variable, diagnostics)) return undefined;
  return { condition: condition.expression, errorMessage: errorMessage ?? "", range: condition.expression.range };
}

function checkErrorMessage(attribute: Attribute, text: string, diagnostics: Diagnostics): void {
  const first = [...text][0] ?? "";
  const startsWell = first !== "" && first === first.toUpperCase();
  if (startsWell && /[.?!]$/.test(text)) return;
  diagnostics.error({
    code: "invalid-validation-message",
    summary: "Invalid validation error message",
    detail:
      "The message must be one or more whole sentences: it does not start with a small letter, and ends with a full stop, a question mark or an exclamation mark.",
    subject: attribute.expression.range,
  });
}

function checkReferences(condition: Attribute, variable: Name, diagnostics: Diagnostics): boolean {
  const references = variablesOf(condition.expression);
  const foreign = references.filter((reference) => !isReferenceTo(variable.text, reference));
  for (const reference of foreign) {
    diagnostics.error({
      code: "invalid-validation-reference",
      summary: "Invalid reference in variable validation",
      detail: `The condition for variable "${variable.text}" can only refer to the variable itself, as var.${variable.text}.`,
      subject: reference.range,
    });
  }
  if (foreign.length > 0) return false;
  if (references.length > 0) return true;
  diagnostics.error({
    code: "invalid-validation-condition",
    summary: "Invalid variable validation condition",
    detail: `The condition for variable "${variable.text}" must refer to var.${variable.text}, or its result would always be the same.`,
    subject: condition.expression.range,
  });
  return false;
}

function isReferenceTo(name: string, { root, steps }: Traversal): boolean {
  const [first] = steps;
  return root === "var" && (first?.kind === "attribute" ? first.name : first?.key) === name;
}

function reportDuplicate(
  declaration: VariableDeclaration,
  earlier: VariableDeclaration,
  diagnostics: Diagnostics,
): void {
  diagnostics.error({
    code: "duplicate-variable",
    summary: "Duplicate variable",
    detail: `Variable "${declaration.name}" is already declared ${placeText(earlier.header)}.`,
    subject: declaration.header,
  });
}
