import type { Scope } from "../evaluation/scope.ts";
import type { Diagnostics } from "../source/diagnostic.ts";
import type { Range } from "../source/source.ts";
import type { Expression, Name } from "./tree.ts";
import type { Traversal } from "./variables-of.ts";

/**
 * A body that can be asked for its content by schema: of the native syntax, of JSON (where only a schema tells an
 * attribute from a block), merged from several files, or with its `dynamic` blocks expanded.
 */
export interface Body {
  /** What the schema names. Anything else is reported with a suggestion; what is required and missing, too. */
  content(schema: BodySchema, diagnostics: Diagnostics): BodyContent;
  /** What the schema names, and a body of all the rest. */
  partialContent(schema: BodySchema, diagnostics: Diagnostics): { content: BodyContent; rest: Body };
  /** All attributes; a block is reported. */
  attributes(diagnostics: Diagnostics): Map<string, Attribute>;
  /** What the expressions in it refer to, however deep; names bound by `for`, splats and `dynamic` are left out. */
  references(): readonly Traversal[];
  /** Where a missing item would be written: the place for "missing required argument". */
  readonly missingItemRange: Range;
}

export interface BodySchema {
  readonly attributes: readonly { readonly name: string; readonly required?: boolean }[];
  readonly blocks: readonly { readonly type: string; readonly labelNames?: readonly string[] }[];
}

export interface BodyContent {
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** In the order of the text. */
  readonly blocks: readonly Block[];
  readonly missingItemRange: Range;
}

export interface Attribute {
  readonly name: string;
  readonly nameRange: Range;
  readonly expression: Expression;
  readonly range: Range;
  /** Set by `dynamic` expansion: evaluate with `attribute.scope ?? scope`, for only this scope knows the iterator. */
  readonly scope?: Scope | undefined;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly Name[];
  readonly body: Body;
  /** `type "label"`: where messages about the block point. */
  readonly header: Range;
  readonly typeRange: Range;
  /** Set by `dynamic` expansion: the scope of the attributes within (which carry it themselves). */
  readonly scope?: Scope | undefined;
  /**
   * Made by a `dynamic` block whose `for_each` is not known yet: it stands for any number of blocks, none included, and
   * each of its attributes evaluates to an unknown value.
   */
  readonly unknown?: boolean | undefined;
}
