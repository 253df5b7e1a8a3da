/** The options of a component that `fix` renames or removes. */
export function deprecatedOptions(_type: string): ReadonlySet<string> {
  return new Set();
}
