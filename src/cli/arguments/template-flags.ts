import type { Flags } from "./flags.ts";

/** Taken by every command that reads a template, as Packer's do, whether or not they change what it does. */
export const templateFlags = {
  only: { kind: "list", value: "foo,bar,baz", doc: "Build only the builds whose names match." },
  except: {
    kind: "list",
    value: "foo,bar,baz",
    doc: "Leave out the builds whose names match; post-processors by name too.",
  },
  var: { kind: "repeated", value: "'key=value'", doc: "Value of a variable. Can be given several times." },
  "var-file": {
    kind: "repeated",
    value: "path",
    doc: "File with values of variables (.pkrvars.hcl or .json). Can be given several times.",
  },
  "config-type": {
    kind: "text",
    value: "json|hcl2",
    oneOf: ["json", "hcl2"],
    doc: "Language of a template whose name does not tell it (standard input).",
  },
} as const satisfies Flags;

/** The same for commands for which they mean nothing: taken, and not shown in the help. */
export const ignoredTemplateFlags = ignored(templateFlags);

function ignored<F extends Flags>(flags: F): F {
  // Only `hidden` is added: the flags stay what they are to the compiler.
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, { ...flag, hidden: true }]),
  ) as Flags as F;
}

/** Flags of the commands that evaluate a template. */
export const evaluationFlags = {
  "use-sequential-evaluation": {
    kind: "boolean",
    doc: "Accepted for compatibility: data sources and locals are always one graph.",
    hidden: true,
  },
  "ignore-prerelease-plugins": { kind: "boolean", doc: "Do not load plugins of a pre-release version.", hidden: true },
} as const satisfies Flags;
