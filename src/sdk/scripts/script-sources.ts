/** Where a script comes from: commands of the template, or a file of this machine. */
export type ScriptSource =
  | { readonly kind: "inline"; readonly lines: readonly string[] }
  | { readonly kind: "file"; readonly path: string };

/** The scripts to run, in order. */
export function scriptSources(config: {
  readonly inline?: readonly string[] | undefined;
  readonly script?: string | undefined;
  readonly scripts?: readonly string[] | undefined;
}): ScriptSource[] {
  if (config.inline !== undefined && config.inline.length > 0) return [{ kind: "inline", lines: config.inline }];
  const paths = [...(config.scripts ?? []), ...(config.script === undefined ? [] : [config.script])];
  return paths.map((path) => ({ kind: "file", path }));
}
