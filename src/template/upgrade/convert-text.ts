import { parseTemplate } from "../../spec/go-template/parse-template.ts";
import { TemplateFault } from "../../spec/go-template/template-fault.ts";
import {
  type Command,
  nodeText,
  type Operand,
  type Pipe,
  type TemplateNode,
} from "../../spec/go-template/template-tree.ts";
import { convertCall, type Expression } from "./convert-call.ts";
import { escaped, quoted } from "./hcl-text.ts";
import type { UpgradeContext } from "./upgrade-context.ts";

/** Where a text stands: only in the default of a variable HCL can read the environment. */
export type Place = "variable" | "local" | "block";

export interface Converted {
  /** A string of HCL, with its quotes. */
  readonly text: string;
  /** What could not be said in HCL, and stays as it was. */
  readonly notes: readonly string[];
}

/** A text with `{{ … }}` as a string of HCL. What HCL has no word for stays in braces, and is rendered as before. */
export function convertText(text: string, place: Place, context: UpgradeContext): Converted {
  if (!text.includes("{{")) return { text: quoted(text), notes: [] };
  try {
    const { nodes } = parseTemplate(text, () => true);
    const conversion: Conversion = { place, context, notes: [] };
    const pieces = nodes.flatMap((node) => convertNode(node, conversion));
    return { text: `"${joined(pieces)}"`, notes: conversion.notes };
  } catch (fault) {
    if (!(fault instanceof TemplateFault)) throw fault;
    return { text: quoted(text), notes: [`This is no template, and stays as it was: ${fault.message}`] };
  }
}

export interface Conversion {
  readonly place: Place;
  readonly context: UpgradeContext;
  readonly notes: string[];
}

/** The pieces of one string. What starts a template in HCL may come about where two texts meet: it is escaped in the whole. */
function joined(pieces: readonly Expression[]): string {
  let text = "";
  let literal = "";
  for (const piece of pieces) {
    if ("literal" in piece) {
      literal += piece.literal;
      continue;
    }
    // Right before a template a sign would escape it.
    const [, before = "", signs = ""] = /^(.*?)([$%]*)$/s.exec(literal) ?? [];
    text += `${escaped(before)}${signs === "" ? "" : `\${"${signs}"}`}\${${piece.code}}`;
    literal = "";
  }
  return text + escaped(literal);
}

function convertNode(node: TemplateNode, conversion: Conversion): Expression[] {
  switch (node.kind) {
    case "text":
      return [{ literal: node.text }];
    case "action": {
      const expression = convertPipe(node.pipe, conversion);
      return expression ? [expression] : around("{{ ", leftPipe(node.pipe, conversion), " }}");
    }
    case "if":
    case "with":
    case "range": {
      const inner = (nodes: readonly TemplateNode[]) => nodes.flatMap((each) => convertNode(each, conversion));
      const otherwise = node.otherwise ? [{ literal: "{{ else }}" }, ...inner(node.otherwise)] : [];
      const head = around(`{{ ${node.kind} `, leftPipe(node.pipe, conversion), " }}");
      return [...head, ...inner(node.body), ...otherwise, { literal: "{{ end }}" }];
    }
    default:
      return [{ literal: nodeText(node) }];
  }
}

function around(before: string, pieces: readonly Expression[], after: string): Expression[] {
  return [{ literal: before }, ...pieces, { literal: after }];
}

function withBetween(between: string, all: readonly (readonly Expression[])[]): Expression[] {
  return all.flatMap((pieces, index) => (index === 0 ? pieces : [{ literal: between }, ...pieces]));
}

/** undefined: HCL has no word for it. */
function convertPipe(pipe: Pipe, conversion: Conversion): Expression | undefined {
  if (pipe.variables.length > 0) return undefined;
  let value: Expression | undefined;
  for (const [index, command] of pipe.commands.entries()) {
    value = convertCommand(command, index === 0 ? undefined : value, conversion);
    if (value === undefined) return undefined;
  }
  return value;
}

function convertCommand(
  { operands }: Command,
  piped: Expression | undefined,
  conversion: Conversion,
): Expression | undefined {
  const [first, ...rest] = operands;
  if (first.kind !== "function") {
    return rest.length === 0 && piped === undefined ? convertOperand(first, conversion) : undefined;
  }
  const given: Expression[] = [];
  for (const operand of rest) {
    const argument = convertOperand(operand, conversion);
    if (argument === undefined) return undefined;
    given.push(argument);
  }
  return convertCall(first.name, piped === undefined ? given : [...given, piped], conversion);
}

function convertOperand(operand: Operand, conversion: Conversion): Expression | undefined {
  if (operand.kind === "string") return { literal: operand.value };
  if (operand.kind === "number" && operand.int !== undefined) return { code: String(operand.int) };
  if (operand.kind === "pipe") return convertPipe(operand, conversion);
  if (operand.kind === "function") return convertCall(operand.name, [], conversion);
  return undefined;
}

/** As it was, but for what is in it and can be converted: that becomes a text in back quotes. */
function leftPipe(pipe: Pipe, conversion: Conversion): Expression[] {
  const variables = pipe.variables.length > 0 ? `${pipe.variables.join(", ")} ${pipe.assigns ? "=" : ":="} ` : "";
  const [start, next, ...others] = pipe.commands;
  const value = start && next && convertCommand(start, undefined, conversion);
  // `a | f x` is `f x a`, and so Packer writes it.
  const piped = value && withBetween(" ", [leftCommand(next, conversion), backQuoted(value)]);
  const rest = (piped ? others : pipe.commands).map((command) => leftCommand(command, conversion));
  return [{ literal: variables }, ...withBetween(" | ", [...(piped ? [piped] : []), ...rest])];
}

function leftCommand({ operands }: Command, conversion: Conversion): Expression[] {
  const [first] = operands;
  if (first.kind === "function" && NOT_IN_HCL.has(first.name)) {
    conversion.notes.push(`HCL has no function like "${first.name}": ${NOT_IN_HCL.get(first.name)}`);
  }
  return withBetween(
    " ",
    operands.map((operand) => leftOperand(operand, conversion)),
  );
}

function leftOperand(operand: Operand, conversion: Conversion): Expression[] {
  if (operand.kind !== "pipe") return [{ literal: nodeText(operand) }];
  const expression = convertPipe(operand, conversion);
  return expression ? backQuoted(expression) : around("(", leftPipe(operand, conversion), ")");
}

function backQuoted(expression: Expression): Expression[] {
  return around("`", [expression], "`");
}

const NOT_IN_HCL: ReadonlyMap<string, string> = new Map([
  ["clean_resource_name", "it works in the options of the components that know it, and stays."],
  ["replace", "with a count it stays. replace() without a count replaces all."],
  ["split", "it stays. split() gives a list."],
]);
