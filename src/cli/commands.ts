import type { Command } from "./command.ts";

/** Every subcommand, loaded when it is called. */
export const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  build: { summary: "build image(s) from template", load: async () => (await import("./commands/build.ts")).build },
  completion: {
    summary: "print the script that completes command lines in a shell",
    load: async () => (await import("./commands/completion.ts")).completion,
  },
  console: {
    summary: "evaluate expressions with the values of a template",
    load: async () => (await import("./commands/console.ts")).consoleCommand,
  },
  doctor: {
    summary: "say what this machine can build, and what it lacks",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  fix: {
    summary: "fix templates from old versions of packer",
    load: async () => (await import("./commands/fix.ts")).fix,
  },
  fmt: {
    summary: "rewrite HCL2 files to the canonical layout",
    load: async () => (await import("./commands/fmt.ts")).fmt,
  },
  gc: {
    summary: "remove what killed runs left behind, and nothing else",
    load: async () => (await import("./commands/gc.ts")).gc,
  },
  graph: {
    summary: "print a template as a graph, for Graphviz or Mermaid",
    load: async () => (await import("./commands/graph.ts")).graph,
  },
  hcl2_upgrade: {
    summary: "transform a JSON template into an HCL2 configuration",
    load: async () => (await import("./commands/hcl2-upgrade.ts")).hcl2Upgrade,
  },
  help: { summary: "show the help of a command", load: async () => (await import("./commands/help.ts")).help },
  init: {
    summary: "see to the plugins that a template requires",
    load: async () => (await import("./commands/init.ts")).init,
  },
  inspect: {
    summary: "see components of a template",
    load: async () => (await import("./commands/inspect.ts")).inspect,
  },
  plan: {
    summary: "show what would be built, from what, in which order",
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  plugins: {
    summary: "list, install and remove plugins",
    load: async () => (await import("./commands/plugins.ts")).plugins,
  },
  runs: {
    summary: "list past and live runs, or replay one",
    load: async () => (await import("./commands/runs.ts")).runs,
  },
  validate: {
    summary: "check that a template is valid",
    load: async () => (await import("./commands/validate.ts")).validate,
  },
  version: { summary: "print the version", load: async () => (await import("./commands/version.ts")).version },
};

/** The help of the whole program, in Packer's shape. */
export function programHelp(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 4;
  const rows = Object.entries(commands).map(([name, { summary }]) => `    ${name.padEnd(width)}${summary}`);
  return `Usage: ingot [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n${rows.join("\n")}\n`;
}
