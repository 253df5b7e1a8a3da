/** A template that was parsed: its own nodes, and those of the `define`d ones within. `text` is what it was parsed from. */
export interface ParsedTemplate {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string; readonly at: number }
  | { readonly kind: "action"; readonly pipe: Pipe; readonly at: number }
  | Control
  | { readonly kind: "break" | "continue"; readonly at: number }
  | { readonly kind: "template"; readonly name: string; readonly pipe?: Pipe | undefined; readonly at: number };

export interface Control {
  readonly kind: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly body: readonly TemplateNode[];
  readonly otherwise?: readonly TemplateNode[] | undefined;
  readonly at: number;
}

/** `$a, $b := command | command`. */
export interface Pipe {
  readonly kind: "pipe";
  readonly variables: readonly string[];
  /** `=`: the variable is there already. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
  readonly at: number;
}

export interface Command {
  readonly kind: "command";
  readonly operands: readonly [Operand, ...Operand[]];
  readonly at: number;
}

export type Operand =
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly value: boolean; readonly at: number }
  | NumberOperand
  | { readonly kind: "string"; readonly literal: string; readonly value: string; readonly at: number }
  | { readonly kind: "field"; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: "function"; readonly name: string; readonly at: number }
  | { readonly kind: "chain"; readonly of: Operand; readonly path: readonly string[]; readonly at: number }
  | Pipe;

export interface NumberOperand {
  readonly kind: "number";
  readonly literal: string;
  /** Where the number is a whole one ("1e3" is, too). */
  readonly int?: bigint | undefined;
  readonly float: number;
  /** Written as a float: that is what it is where the type is not told by a parameter. */
  readonly isFloat: boolean;
  readonly at: number;
}

/** As Go shows it in messages. */
export function nodeText(node: Operand | Command | TemplateNode): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
    case "if":
    case "with":
    case "range": {
      const otherwise = node.otherwise ? `{{else}}${node.otherwise.map(nodeText).join("")}` : "";
      return `{{${node.kind} ${nodeText(node.pipe)}}}${node.body.map(nodeText).join("")}${otherwise}{{end}}`;
    }
    case "pipe": {
      const variables = node.variables.length > 0 ? `${node.variables.join(", ")} ${node.assigns ? "=" : ":="} ` : "";
      return variables + node.commands.map(nodeText).join(" | ");
    }
    case "command":
      return node.operands
        .map((operand) => (operand.kind === "pipe" ? `(${nodeText(operand)})` : nodeText(operand)))
        .join(" ");
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
    case "string":
      return node.literal;
    case "field":
      return dotted(node.path);
    case "variable":
      return node.name + dotted(node.path);
    case "function":
      return node.name;
    case "chain":
      return (node.of.kind === "pipe" ? `(${nodeText(node.of)})` : nodeText(node.of)) + dotted(node.path);
  }
}

function dotted(path: readonly string[]): string {
  return path.map((name) => `.${name}`).join("");
}
