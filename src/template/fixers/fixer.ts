import type { FixObject } from "./fix-value.ts";

/** One known change of Packer's configuration, and how an old template is brought up to it. */
export interface Fixer {
  /** As Packer's help calls it. */
  readonly name: string;
  readonly doc: string;
  /** Options that it takes away, and the types of the components that had them. */
  readonly outdated?: { readonly of: RegExp; readonly options: readonly string[] };
  /** Changes the template. Throws an Error where the old meaning cannot be told. */
  fix(template: FixObject): void;
}
