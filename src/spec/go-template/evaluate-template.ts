import { goPrint } from "./go-print.ts";
import { goQuote } from "./go-quote.ts";
import { fromData, type GoValue, isList, isMap, isTrue, keyOf, sortedKeys, typeName } from "./go-value.ts";
import { NotYetKnown, TemplateFault } from "./template-fault.ts";
import type { GoType, TemplateFunctions } from "./template-function.ts";
import {
  type Command,
  type Control,
  nodeText,
  type Operand,
  type ParsedTemplate,
  type Pipe,
  type TemplateNode,
} from "./template-tree.ts";

/** The text that the template makes of the data. Throws a `TemplateFault`, or `NotYetKnown`. */
export function evaluateTemplate(template: ParsedTemplate, data: GoValue, functions: TemplateFunctions): string {
  const run = new Run(template, functions);
  run.walkAll(template.nodes, fromData(data), new Variables([["$", fromData(data)]]), 0);
  return run.output.join("");
}

/** How deep templates may call each other; Go allows more than any stack here. */
const DEEPEST = 500;
/** Go has no such limit; nothing that makes sense in an option comes near it. */
const MOST_ROUNDS = 1_000_000;

/** The previous command of a pipeline left no value: this is the first. */
const NOTHING: unique symbol = Symbol("nothing");
type Final = GoValue | typeof NOTHING;

class Interruption extends Error {
  readonly kind: "break" | "continue";

  constructor(kind: "break" | "continue") {
    super(kind);
    this.kind = kind;
  }
}

/** Variables in scope, the last declared first found. */
class Variables {
  private readonly stack: [string, GoValue][];

  constructor(stack: [string, GoValue][]) {
    this.stack = stack;
  }

  get depth(): number {
    return this.stack.length;
  }

  set depth(depth: number) {
    this.stack.length = depth;
  }

  declare(name: string, value: GoValue): void {
    this.stack.push([name, value]);
  }

  /** False where no such variable was declared. */
  assign(name: string, value: GoValue): boolean {
    const entry = this.stack.findLast(([each]) => each === name);
    if (entry) entry[1] = value;
    return entry !== undefined;
  }

  get(name: string): GoValue {
    return this.stack.findLast(([each]) => each === name)?.[1];
  }
}

class Run {
  readonly output: string[] = [];
  private readonly template: ParsedTemplate;
  private readonly functions: TemplateFunctions;

  constructor(template: ParsedTemplate, functions: TemplateFunctions) {
    this.template = template;
    this.functions = functions;
  }

  walkAll(nodes: readonly TemplateNode[], dot: GoValue, variables: Variables, depth: number): void {
    for (const node of nodes) this.walk(node, dot, variables, depth);
  }

  private walk(node: TemplateNode, dot: GoValue, variables: Variables, depth: number): void {
    switch (node.kind) {
      case "text":
        this.output.push(node.text);
        return;
      case "action": {
        const value = this.pipe(node.pipe, dot, variables);
        if (node.pipe.variables.length === 0) this.output.push(goPrint(value ?? "<no value>"));
        return;
      }
      case "break":
      case "continue":
        throw new Interruption(node.kind);
      case "template": {
        const nodes = this.template.defined.get(node.name);
        if (nodes === undefined) this.fail(node, `template ${goQuote(node.name)} not defined`);
        if (depth >= DEEPEST) this.fail(node, `exceeded maximum template depth (${DEEPEST})`);
        const value = node.pipe && this.pipe(node.pipe, dot, variables);
        this.walkAll(nodes ?? [], value, new Variables([["$", value]]), depth + 1);
        return;
      }
      default: {
        const outer = variables.depth;
        if (node.kind === "range") this.range(node, dot, variables, depth);
        else {
          const value = this.pipe(node.pipe, dot, variables);
          if (isTrue(value)) this.walkAll(node.body, node.kind === "with" ? value : dot, variables, depth);
          else this.walkAll(node.otherwise ?? [], dot, variables, depth);
        }
        variables.depth = outer;
      }
    }
  }

  private range(node: Control, dot: GoValue, variables: Variables, depth: number): void {
    const value = this.pipe({ ...node.pipe, variables: [] }, dot, variables);
    const entries = this.entriesOf(value, node);
    const [first, second] = node.pipe.variables;
    const outer = variables.depth;
    for (const [key, item] of entries) {
      const named: [string | undefined, GoValue][] =
        second === undefined
          ? [[first, item]]
          : [
              [first, key],
              [second, item],
            ];
      for (const [name, each] of named) {
        if (name === undefined) continue;
        this.set(node.pipe, name, each, variables);
      }
      try {
        this.walkAll(node.body, item, variables, depth);
      } catch (interruption) {
        if (!(interruption instanceof Interruption)) throw interruption;
        if (interruption.kind === "break") return;
      } finally {
        variables.depth = outer;
      }
    }
    if (entries.length === 0) this.walkAll(node.otherwise ?? [], dot, variables, depth);
  }

  private entriesOf(value: GoValue, node: Control): [GoValue, GoValue][] {
    if (value === null || value === undefined) return [];
    if (isList(value)) return value.map((item, index) => [BigInt(index), fromData(item)]);
    if (isMap(value)) return sortedKeys(value).map((key) => [key, keyOf(value, key)]);
    if (typeof value !== "bigint") return this.fail(node.pipe, `range can't iterate over ${goPrint(value)}`);
    if (node.pipe.variables.length > 1) {
      this.fail(node.pipe, `can't use ${goPrint(value)} to iterate over more than one variable`);
    }
    if (value > MOST_ROUNDS) this.fail(node.pipe, `more than ${MOST_ROUNDS} rounds of range`);
    return Array.from({ length: Math.max(0, Number(value)) }, (_, index) => [undefined, BigInt(index)]);
  }

  private pipe(pipe: Pipe, dot: GoValue, variables: Variables): GoValue {
    let value: Final = NOTHING;
    for (const command of pipe.commands) value = this.command(command, dot, variables, value) ?? undefined;
    const result = value === NOTHING ? undefined : value;
    for (const name of pipe.variables) {
      this.set(pipe, name, result, variables);
    }
    return result;
  }

  private set(pipe: Pipe, name: string, value: GoValue, variables: Variables): void {
    if (!pipe.assigns) variables.declare(name, value);
    else if (!variables.assign(name, value)) {
      this.fail(pipe.commands.at(-1)?.operands.at(-1) ?? pipe, `undefined variable: ${name}`);
    }
  }

  private command(command: Command, dot: GoValue, variables: Variables, final: Final): GoValue {
    const [first, ...rest] = command.operands;
    if (first.kind === "function") return this.call(first, command, rest, dot, variables, final);
    const isPath =
      first.kind === "field" || first.kind === "chain" || (first.kind === "variable" && first.path.length > 0);
    if (!isPath && (rest.length > 0 || final !== NOTHING)) {
      this.fail(first, `can't give argument to non-function ${nodeText(first)}`);
    }
    if (first.kind === "nil") this.fail(first, "nil is not a command");
    return this.operand(first, dot, variables, rest.length > 0 || final !== NOTHING);
  }

  private operand(node: Operand, dot: GoValue, variables: Variables, hasArguments = false): GoValue {
    switch (node.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "bool":
      case "string":
        return node.value;
      case "number":
        return node.isFloat || node.int === undefined ? node.float : node.int;
      case "field":
        return this.path(node, dot, node.path, hasArguments);
      case "variable":
        return this.path(node, variables.get(node.name), node.path, hasArguments);
      case "function":
        return this.call(node, node, [], dot, variables, NOTHING);
      case "pipe":
        return this.pipe(node, dot, variables);
      case "chain": {
        if (node.of.kind === "nil") this.fail(node, `indirection through explicit nil in ${nodeText(node)}`);
        return this.path(node, this.operand(node.of, dot, variables), node.path, hasArguments);
      }
    }
  }

  private path(node: Operand, start: GoValue, path: readonly string[], hasArguments: boolean): GoValue {
    let value = start;
    for (const [index, name] of path.entries()) {
      // What stands in a map is of type interface {} to Go; only the start has a type that it can name.
      const type = index === 0 ? typeName(value) : "interface {}";
      if (value === undefined) continue;
      if (value === null) {
        if (index > 0) this.fail(node, `nil pointer evaluating ${type}.${name}`);
        value = undefined;
        continue;
      }
      if (!isMap(value)) return this.fail(node, `can't evaluate field ${name} in type ${type}`);
      if (hasArguments && index === path.length - 1) this.fail(node, `${name} is not a method but has arguments`);
      value = keyOf(value, name);
    }
    return value;
  }

  private call(
    node: Extract<Operand, { kind: "function" }>,
    command: Command | Operand,
    operands: readonly Operand[],
    dot: GoValue,
    variables: Variables,
    final: Final,
  ): GoValue {
    const called = this.functions.get(node.name);
    if (called === undefined) return this.fail(node, `${goQuote(node.name)} is not a defined function`);
    const { parameters, variadic } = called;
    const count = operands.length + (final === NOTHING ? 0 : 1);
    if (variadic !== undefined && count < parameters.length) {
      this.fail(
        node,
        `wrong number of args for ${node.name}: want at least ${parameters.length} got ${operands.length}`,
      );
    }
    if (variadic === undefined && count !== parameters.length) {
      this.fail(node, `wrong number of args for ${node.name}: want ${parameters.length} got ${count}`);
    }
    const typeAt = (index: number): GoType => parameters[index] ?? variadic ?? "any";
    const args = operands.map((operand, index) => () => this.argument(operand, typeAt(index), dot, variables));
    if (final !== NOTHING) args.push(() => this.fitting(final, typeAt(count - 1), node));

    if (called.decides !== undefined) {
      let value: GoValue;
      for (const arg of args) {
        value = arg();
        if (isTrue(value) === called.decides) return value;
      }
      return value;
    }
    const values = args.map((arg) => arg());
    try {
      return fromData(called.call(values));
    } catch (error) {
      if (error instanceof NotYetKnown || !(error instanceof Error)) throw error;
      return this.fail(command, `error calling ${node.name}: ${error.message}`);
    }
  }

  private argument(node: Operand, type: GoType, dot: GoValue, variables: Variables): GoValue {
    if (node.kind === "nil" && type !== "any") this.fail(node, `cannot assign nil to ${type}`);
    if (node.kind === "bool" || node.kind === "string" || node.kind === "number") {
      if (type === "string" && node.kind !== "string") this.fail(node, `expected string; found ${nodeText(node)}`);
      if (type === "int") {
        if (node.kind === "number" && node.int !== undefined) return node.int;
        this.fail(node, `expected integer; found ${nodeText(node)}`);
      }
      return this.operand(node, dot, variables);
    }
    return this.fitting(this.operand(node, dot, variables), type, node);
  }

  private fitting(value: GoValue, type: GoType, node: Operand): GoValue {
    if (type === "any" || typeName(value) === type) return value;
    if (value === undefined || value === null) return this.fail(node, `invalid value; expected ${type}`);
    return this.fail(node, `wrong type for value; expected ${type}; got ${typeName(value)}`);
  }

  private fail(node: Operand | Command | TemplateNode, fault: string): never {
    const before = this.template.text.slice(0, node.at);
    const line = before.split("\n").length;
    const column = node.at - (before.lastIndexOf("\n") + 1);
    const where = `template: root:${line}:${column}: executing "root" at <${nodeText(node)}>`;
    throw new TemplateFault(`${where}: ${fault}`);
  }
}
