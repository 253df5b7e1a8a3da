import type { Diagnostic } from "../source/diagnostic.ts";
import type { Range } from "../source/source.ts";

/** A name as written, with its place. */
export interface Name {
  readonly text: string;
  readonly range: Range;
}

export interface NativeBody {
  readonly kind: "body";
  readonly items: readonly (AttributeNode | BlockNode)[];
  readonly range: Range;
}

export interface AttributeNode {
  readonly kind: "attribute";
  readonly name: Name;
  readonly expression: Expression;
  readonly range: Range;
}

export interface BlockNode {
  readonly kind: "block";
  readonly type: Name;
  readonly labels: readonly Name[];
  /** `type "label" "label"`, without the brace. */
  readonly header: Range;
  readonly body: NativeBody;
  readonly range: Range;
}

export type UnaryOperator = "-" | "!";
export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

/** Every form of expression. A JSON template yields the same nodes, and `json-string` for its strings. */
export type Expression =
  | { readonly kind: "number"; readonly text: string; readonly range: Range }
  | { readonly kind: "bool"; readonly value: boolean; readonly range: Range }
  | { readonly kind: "null"; readonly range: Range }
  | TemplateExpression
  /** A string of HCL JSON: literal text where it is evaluated without a scope, a template where there is one. */
  | {
      readonly kind: "json-string";
      readonly text: string;
      readonly template: Expression;
      /** Of the template: to be reported where it is evaluated as one. */
      readonly faults?: readonly Diagnostic[] | undefined;
      readonly range: Range;
    }
  /** `(inner)`; kept so that the tree is faithful. */
  | { readonly kind: "parentheses"; readonly inner: Expression; readonly range: Range }
  | { readonly kind: "variable"; readonly name: string; readonly range: Range }
  | { readonly kind: "attribute-access"; readonly of: Expression; readonly name: Name; readonly range: Range }
  /** `list.0`: an old form of `list[0]`. */
  | { readonly kind: "legacy-index"; readonly of: Expression; readonly index: string; readonly range: Range }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression; readonly range: Range }
  /** `of[*].each` (full) or `of.*.each` (attribute only). `each` applies to a `splat-item` node of the same `id`. */
  | {
      readonly kind: "splat";
      readonly of: Expression;
      readonly form: "full" | "attribute";
      readonly each: Expression;
      readonly marker: Range;
      readonly id: number;
      readonly range: Range;
    }
  | { readonly kind: "splat-item"; readonly id: number; readonly range: Range }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression; readonly range: Range }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly operatorRange: Range;
      readonly range: Range;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
      readonly range: Range;
    }
  | CallExpression
  | { readonly kind: "tuple"; readonly items: readonly Expression[]; readonly range: Range }
  | { readonly kind: "object"; readonly items: readonly ObjectItem[]; readonly range: Range }
  | ForExpression
  /** Stands where the parser found a fault that it has already reported; evaluates to an unknown value, silently. */
  | { readonly kind: "fault"; readonly range: Range };

export interface CallExpression {
  readonly kind: "call";
  readonly name: Name;
  readonly arguments: readonly Expression[];
  /** The last argument is followed by `...`. */
  readonly expands: boolean;
  readonly openParenthesis: Range;
  readonly closeParenthesis: Range;
  readonly range: Range;
}

export interface ObjectItem {
  /** A bare identifier key is an expression of kind `key-name`. */
  readonly key: Expression | KeyName;
  readonly value: Expression;
}

/** `name = …` in an object: the text itself, unless it is written in parentheses. */
export interface KeyName {
  readonly kind: "key-name";
  readonly text: string;
  readonly range: Range;
}

export interface ForExpression {
  readonly kind: "for";
  readonly form: "tuple" | "object";
  readonly keyName?: Name | undefined;
  readonly valueName: Name;
  readonly collection: Expression;
  /** Only in the object form. */
  readonly key?: Expression | undefined;
  readonly value: Expression;
  readonly condition?: Expression | undefined;
  /** The object form with `...` behind the value: values of one key are grouped into a tuple. */
  readonly groups: boolean;
  readonly range: Range;
}

/** A quoted template, a heredoc, or a bare template file. `parts` of literal text only is a plain string. */
export interface TemplateExpression {
  readonly kind: "template";
  readonly form: "quoted" | "heredoc" | "bare";
  readonly parts: readonly TemplatePart[];
  readonly range: Range;
}

/** Escapes, heredoc indentation and `~` trims are already applied to `text`. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string; readonly range: Range }
  | { readonly kind: "interpolation"; readonly expression: Expression; readonly range: Range }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: readonly TemplatePart[];
      readonly otherwise: readonly TemplatePart[];
      readonly range: Range;
    }
  | {
      readonly kind: "for";
      readonly keyName?: Name | undefined;
      readonly valueName: Name;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
      readonly range: Range;
    };
