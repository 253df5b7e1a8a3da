import type { Range } from "../../source/source.ts";
import type { Expression, Name } from "../tree.ts";

/** A piece of a template as it is read, before the directives are nested into each other. */
export type TemplateItem = (
  | { readonly kind: "interpolation"; readonly expression: Expression; readonly range: Range }
  | { readonly kind: "open-if"; readonly condition: Expression; readonly range: Range }
  | {
      readonly kind: "open-for";
      readonly keyName?: Name | undefined;
      readonly valueName: Name;
      readonly collection: Expression;
      readonly range: Range;
    }
  | { readonly kind: "close"; readonly word: "else" | "endif" | "endfor"; readonly range: Range }
  | TextItem
) & {
  /** Closed by `~}`: blanks at the start of the literal text behind it are removed. */
  readonly trimsNext?: boolean;
};

/** At most one line of literal text; trims and the removal of indentation change it. */
export interface TextItem {
  readonly kind: "text";
  text: string;
  readonly range: Range;
}
